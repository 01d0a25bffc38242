package io.weir.broker.engine.subscription;

import org.jspecify.annotations.Nullable;

import io.weir.broker.engine.Command;
import io.weir.broker.engine.Effect;
import io.weir.broker.engine.dispatch.ConsumerGroup;
import io.weir.broker.engine.dispatch.SubscriptionConsumer;
import io.weir.message.SubscriptionType;
import io.weir.wire.ErrorCode;

/**
 * Who may become a consumer of a subscription that is there, and what its type allows.
 */
final class SubscribeCheck {

	private SubscribeCheck() {
	}

	/** Why somebody may not, or {@code null}. */
	static Effect.@Nullable Refused refusal(Command.Subscribe command, Subscription subscription,
			ConsumerGroup consumers, SubscriptionState state) {
		String name = subscription.name();
		SubscriptionConsumer former = consumers.find(command.instance());
		String busy = state.refusal(command);
		if (subscription.type() != command.type()) {
			return Effect.Refused.of(command, ErrorCode.SUBSCRIPTION_TYPE_MISMATCH,
					"Subscription '" + name + "' is of type " + subscription.type() + ", not " + command.type());
		}
		if (former != null && former.instance().epoch() >= command.instance().epoch()) {
			return Effect.Refused.of(command, ErrorCode.CONSUMER_REPLACED, "Consumer '" + command.consumerName()
					+ "' was introduced again since this request, with epoch " + former.instance().epoch());
		}
		if (subscription.isDurable() && !command.durable()) {
			return Effect.Refused.of(command, ErrorCode.INVALID_REQUEST, "Subscription '" + name
					+ "' exists and is durable; one that is not durable must have a name of its own");
		}
		if (!subscription.isDurable() && !consumers.isEmpty()) {
			return busy(command,
					"Subscription '" + name + "' is not durable and belongs to another consumer until that is gone");
		}
		String stopped = subscription.stopped();
		if (stopped != null) {
			return Effect.Refused.of(command, ErrorCode.ENTRY_DAMAGED, stopped);
		}
		if (busy != null) {
			return busy(command, "Subscription '" + name + "' " + busy);
		}
		if (former == null && subscription.type() == SubscriptionType.EXCLUSIVE && !consumers.isEmpty()) {
			return busy(command, "The EXCLUSIVE subscription '" + name + "' has its consumer already");
		}
		return null;
	}

	/** Whether the consumer of a subscription that is not durable has come back. */
	static boolean isReaderAgain(Command.Subscribe command, SubscriptionConsumer former, Subscription subscription) {
		return !subscription.isDurable() && !command.durable() && subscription.type() == command.type()
				&& former.instance().epoch() < command.instance().epoch();
	}

	/** Why messages cannot be acknowledged up to one, or {@code null}. */
	static Effect.@Nullable Refused refusal(Command.AcknowledgeUpTo command, SubscriptionLife life) {
		String name = life.id().name();
		if (life.type() == SubscriptionType.SHARED || life.type() == SubscriptionType.KEY_SHARED) {
			return Effect.Refused.of(command, ErrorCode.INVALID_REQUEST,
					"Subscription '" + name + "' is of type " + life.type()
							+ ": its messages are acknowledged one by one; up to a message, only those of EXCLUSIVE "
							+ "and FAILOVER subscriptions are");
		}
		return life.redeliveries().mustReadFirst(command.id())
				? busy(command,
						"Subscription '" + name + "' reads what it gave up before the broker was started; try again")
				: null;
	}

	private static Effect.Refused busy(Command.Request command, String reason) {
		return Effect.Refused.of(command, ErrorCode.SUBSCRIPTION_BUSY, reason);
	}

}
