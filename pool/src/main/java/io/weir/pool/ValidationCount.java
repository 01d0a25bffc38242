package io.weir.pool;

/**
 * How many tests of one phase ended how.
 *
 * @param valid tests passed
 * @param invalid tests failed, by answer, failure or timeout
 */
public record ValidationCount(long valid, long invalid) {

	static final ValidationCount NONE = new ValidationCount(0, 0);

	ValidationCount plus(ValidationCount other) {
		return new ValidationCount(this.valid + other.valid, this.invalid + other.invalid);
	}

}
