package io.weir.spring.autoconfigure;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import org.springframework.util.unit.DataSize;

import io.weir.client.Ordering;
import io.weir.client.WhenFull;
import io.weir.message.Compression;

/** What can be said for all producers, and for each: what is absent stays as it is. */
interface ProducerProperties {

	@Nullable Ordering ordering();

	@Nullable Integer lanes();

	@Nullable Duration sendTimeout();

	@Nullable Integer maxPending();

	@Nullable DataSize maxPendingBytes();

	@Nullable WhenFull whenFull();

	@Nullable Compression compression();

	@Nullable BatchProperties batch();

	@Nullable Integer streamGrowthThreshold();

	/** How messages are put together. */
	interface BatchProperties {

		@Nullable Integer maxMessages();

		@Nullable DataSize maxBytes();

		@Nullable Duration linger();

	}

}
