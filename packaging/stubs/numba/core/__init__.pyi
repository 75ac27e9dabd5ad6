from numba.core import cgutils as cgutils
