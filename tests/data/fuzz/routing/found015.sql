IDCTVSVVVVVVVÖVVVV£
CT/*!NFVVVVVª];(ª(ª;(ª(ÿ(;(ª];(ª(ª;(ª(ª;sª;(ª;(ª(ª(ª;uÿÿÿÿmR›;(ª(ª(rsª(ª;;