package io.weir.pool;

/**
 * Keeps the state words of two slots more than a cache line, and its prefetched
 * neighbour, apart. What follows the word in its slot is used by whoever owns the word.
 */
class SlotPadding {

	long p0, p1, p2, p3, p4, p5, p6, p7, p8, p9, p10, p11, p12, p13, p14;

}
