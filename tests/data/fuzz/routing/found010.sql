
VALUES (5), ( (5), (0 ( (5)0+ 1_no)employees ÿÿÿÿÿ(-emp_no) 0), ( (VALUES (5)0+ 1_no)employees (emp_no) V)titlesemp_no))p_no))

