package io.weir.wire;

import java.util.UUID;

/**
 * By what a consumer is recognised when it comes back, so that it replaces its former
 * self instead of finding it in its way.
 *
 * @param id random, the same for the life of the consumer
 * @param epoch from 0; grows each time that the consumer is introduced
 */
public record ConsumerInstance(UUID id, long epoch) {

	/**
	 * A consumer that does not come back.
	 * @return an instance that there has never been
	 */
	public static ConsumerInstance once() {
		return new ConsumerInstance(UUID.randomUUID(), 0);
	}

	/**
	 * The same consumer, introduced again.
	 * @return its next epoch
	 */
	public ConsumerInstance next() {
		return new ConsumerInstance(this.id, this.epoch + 1);
	}

}
