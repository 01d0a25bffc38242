package io.weir.spring.autoconfigure;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import org.springframework.util.unit.DataSize;

/** What can be said of the consumers of one entry; {@code null} is as for all. */
interface ConsumerProperties {

	@Nullable Integer receiverQueueSize();

	@Nullable DataSize receiverQueueBytes();

	@Nullable Duration ackTimeout();

	@Nullable Duration acknowledgementDelay();

	WeirProperties.@Nullable NamedDeadLetter deadLetter();

	WeirProperties.@Nullable NamedRetry retry();

}
