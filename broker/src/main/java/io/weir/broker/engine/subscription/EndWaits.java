package io.weir.broker.engine.subscription;

import java.util.ArrayDeque;
import java.util.Queue;

import io.weir.broker.engine.Command;
import io.weir.broker.engine.context.TopicContext;
import io.weir.broker.engine.dispatch.Backlog;
import io.weir.message.SubscriptionType;
import io.weir.wire.ErrorCode;
import io.weir.wire.Position;

/** Who waits until the subscription's consumer has been given what was stored. */
final class EndWaits {

	private final Backlog backlog;

	private final TopicContext context;

	/** In the order in which they are answered. */
	private final Queue<EndWait> waits = new ArrayDeque<>(1);

	EndWaits(Backlog backlog, TopicContext context) {
		this.backlog = backlog;
		this.context = context;
	}

	void add(Command.AwaitEnd command, SubscriptionType type) {
		if (type != SubscriptionType.EXCLUSIVE) {
			this.context.refuse(command, ErrorCode.INVALID_REQUEST,
					"A subscription of type " + type + " has no end of its own for each of its consumers; only the "
							+ "consumer of an EXCLUSIVE one can wait for it");
			return;
		}
		this.waits.add(new EndWait(command, this.context.topic().lastStored()));
	}

	/** Something was delivered, or may have been. */
	void delivered() {
		while (!this.waits.isEmpty() && this.backlog.isDeliveredUpTo(this.waits.element().upTo())) {
			this.context.done(this.waits.remove().command().replyTo());
		}
	}

	/** The end will not be reached. */
	void refuse(ErrorCode code, String reason) {
		this.waits.forEach((wait) -> this.context.refuse(wait.command(), code, reason));
		this.waits.clear();
	}

	/**
	 * Somebody waits.
	 *
	 * @param upTo the last entry that is to be delivered before the answer
	 */
	private record EndWait(Command.AwaitEnd command, Position upTo) {
	}

}
