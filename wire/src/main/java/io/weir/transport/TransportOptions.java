package io.weir.transport;

import java.time.Duration;

import io.weir.time.DurationRange;
import io.weir.wire.Limits;

/**
 * How connections behave, on either side.
 *
 * @param threads how many event loops there are at most; a connection stays on one
 * @param maxFrameSize the longest frame that is taken, in bytes after its length field
 * @param maxMessageSize the most bytes of a batch that is taken, in however many
 * fragments it comes; a server takes that much at a time from each connection
 * @param connectTimeout how long one attempt to connect may take
 * @param idleTimeout after how long without any packet a connection is lost (RFC 9000
 * §10.1)
 * @param maxStreams how many streams the peer may have open on one connection
 */
public record TransportOptions(int threads, int maxFrameSize, int maxMessageSize, Duration connectTimeout,
		Duration idleTimeout, int maxStreams) {

	/**
	 * One event loop, 5 seconds to connect, 30 seconds without a packet, 1024 streams.
	 */
	public static final TransportOptions DEFAULTS = new TransportOptions(1, Limits.DEFAULT_MAX_FRAME_SIZE,
			Limits.DEFAULT_MAX_MESSAGE_SIZE, Duration.ofSeconds(5), Duration.ofSeconds(30), 1024);

	/**
	 * Checks the durations.
	 * @throws IllegalArgumentException naming the option and what is allowed
	 */
	public TransportOptions {
		DurationRange.FROM_ONE_MILLISECOND_TO_24_DAYS.check("connectTimeout", connectTimeout);
		DurationRange.FROM_ONE_MILLISECOND.check("idleTimeout", idleTimeout);
	}

	/**
	 * The same with another number of threads.
	 * @param threads from 1
	 * @return new options
	 */
	public TransportOptions withThreads(int threads) {
		return new TransportOptions(threads, this.maxFrameSize, this.maxMessageSize, this.connectTimeout,
				this.idleTimeout, this.maxStreams);
	}

	/**
	 * The same with another frame size.
	 * @param maxFrameSize in bytes
	 * @return new options
	 */
	public TransportOptions withMaxFrameSize(int maxFrameSize) {
		return new TransportOptions(this.threads, maxFrameSize, this.maxMessageSize, this.connectTimeout,
				this.idleTimeout, this.maxStreams);
	}

	/**
	 * The same with another message size.
	 * @param maxMessageSize in bytes, up to {@link Limits#MAX_MESSAGE_SIZE}
	 * @return new options
	 */
	public TransportOptions withMaxMessageSize(int maxMessageSize) {
		return new TransportOptions(this.threads, this.maxFrameSize, maxMessageSize, this.connectTimeout,
				this.idleTimeout, this.maxStreams);
	}

	/**
	 * The same with another number of streams.
	 * @param maxStreams from 1
	 * @return new options
	 */
	public TransportOptions withMaxStreams(int maxStreams) {
		return new TransportOptions(this.threads, this.maxFrameSize, this.maxMessageSize, this.connectTimeout,
				this.idleTimeout, maxStreams);
	}

	/**
	 * The same with another connect timeout.
	 * @param connectTimeout from a millisecond to 24 days
	 * @return new options
	 */
	public TransportOptions withConnectTimeout(Duration connectTimeout) {
		return new TransportOptions(this.threads, this.maxFrameSize, this.maxMessageSize, connectTimeout,
				this.idleTimeout, this.maxStreams);
	}

	/**
	 * The same with another idle timeout.
	 * @param idleTimeout from a millisecond to 365 days
	 * @return new options
	 */
	public TransportOptions withIdleTimeout(Duration idleTimeout) {
		return new TransportOptions(this.threads, this.maxFrameSize, this.maxMessageSize, this.connectTimeout,
				idleTimeout, this.maxStreams);
	}

}
