"""HHCRSP, the public benchmark of home health care routing and scheduling.

The problem: Mankowska, Meisel, Bierwirth (2014), https://doi.org/10.1007/s10729-013-9243-1.
It has a decoder of its own and does not run through ``scheduling.search``. There a visit keeps to its window and an
unserved one is a result; here every visit is done and lateness is what one pays, and two starts of a patient pull on
each other along all the routes. One state for both would carry times, queues and undo lists that half never uses.
What the two share is the idea: neighbour-list moves, incremental re-timing, annealing compiled with numba.
"""
