from numba.core import config as config
