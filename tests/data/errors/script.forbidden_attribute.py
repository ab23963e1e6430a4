return print.__self__
