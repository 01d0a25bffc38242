package io.weir.pool;

/**
 * The minimum and maximum, which may change while the pool runs.
 */
final class SizeLimits {

	private volatile Range range;

	SizeLimits(PoolConfig config) {
		this.range = new Range(config.minSize(), config.maxSize());
	}

	int min() {
		return this.range.min;
	}

	int max() {
		return this.range.max;
	}

	void change(int min, int max) {
		PoolConfig.checkSizes(min, max);
		this.range = new Range(min, max);
	}

	private record Range(int min, int max) {
	}

}
