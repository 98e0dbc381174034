INSERT INTO employees (e“™
= Ú,d =@1%mz‡,l FROß×ÊÖ, ÿ,loLVALUS(E 5),×ÊÖ, ÿ,loLVALUES ———————————‡————,lo  —ÿ)