package io.weir.client.internal.consumer;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.weir.wire.ErrorCode;
import io.weir.wire.Frame;
import io.weir.wire.LogLimit;
import io.weir.wire.Position;
import io.weir.wire.ProtocolException;

/**
 * What becomes of batches that come with other bytes than those of which their producer
 * made the checksum. Each is asked for once more, over another connection. One that comes
 * damaged again is so where it is stored. Only touched on the consumer's executor.
 */
final class DamagedBatches {

	/**
	 * For so long after it was of no use, none is asked for again: others have to leave
	 * the connection as well.
	 */
	private static final Duration REST = Duration.ofMinutes(1);

	/** Of more than that the first are forgotten. */
	private static final int MAX_ASKED = 100;

	private static final Logger logger = LoggerFactory.getLogger(DamagedBatches.class);

	private final Set<Position> asked = new LinkedHashSet<>();

	private final LogLimit limit = new LogLimit();

	private final ConsumerSettings settings;

	private final LongSupplier clock;

	private final LongAdder count;

	private boolean inVain;

	private long inVainAt;

	/**
	 * Creates it.
	 * @param clock tells the time, in nanoseconds
	 * @param count counts each batch that comes damaged
	 */
	DamagedBatches(ConsumerSettings settings, LongSupplier clock, LongAdder count) {
		this.settings = settings;
		this.clock = clock;
		this.count = count;
	}

	/**
	 * Looks at a batch.
	 * @return whether it is intact; if not, it is damaged for good
	 * @throws DamagedBatchException if it is not and is to be asked for again
	 */
	boolean isIntact(Frame.Deliver delivery) {
		if (delivery.encoding().matches(delivery.batch())) {
			if (!this.asked.isEmpty()) {
				this.asked.remove(delivery.position());
			}
			return true;
		}
		this.count.increment();
		String what = describe(delivery);
		if (this.asked.remove(delivery.position())) {
			this.inVain = true;
			this.inVainAt = this.clock.getAsLong();
		}
		else if (!isResting()) {
			ask(delivery.position());
			log(what + "; they are asked for once more, over another connection");
			throw new DamagedBatchException(what);
		}
		log(what + "; they are not given to the application");
		return false;
	}

	private boolean isResting() {
		return this.inVain && this.clock.getAsLong() - this.inVainAt < REST.toNanos();
	}

	private void ask(Position position) {
		if (this.asked.size() == MAX_ASKED) {
			this.asked.remove(this.asked.iterator().next());
		}
		this.asked.add(position);
	}

	private void log(String what) {
		LogLimit.Line line = this.limit.next();
		if (line != null) {
			logger.error("{}{}", what, line.ending());
		}
	}

	/** Why the consumer cannot go on. */
	ProtocolException failure(Frame.Deliver delivery) {
		return new ProtocolException(ErrorCode.CHECKSUM_MISMATCH, describe(delivery)
				+ ". To go on behind them seek there, or acknowledge them, or have dead letters go to a topic");
	}

	private String describe(Frame.Deliver delivery) {
		int last = delivery.firstIndex() + delivery.count() - 1;
		return "Messages " + delivery.position().message(delivery.firstIndex()) + " to "
				+ delivery.position().message(last) + " of " + this.settings.subscriptionOfTopic() + ", published by '"
				+ delivery.producerName() + "', have come with other bytes than those of which their checksum was made";
	}

}
