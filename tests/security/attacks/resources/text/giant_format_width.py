# Giant format width.
# expect: ?

'{:>10000000000}'.format('x')
