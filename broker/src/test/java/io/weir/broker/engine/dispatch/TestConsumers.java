package io.weir.broker.engine.dispatch;

import io.weir.broker.engine.Command;
import io.weir.broker.engine.Peer;
import io.weir.broker.engine.ReplyTo;
import io.weir.message.InitialPosition;
import io.weir.message.SubscriptionType;
import io.weir.wire.ConsumerInstance;

/** Consumers of a subscription without a topic. */
final class TestConsumers {

	private TestConsumers() {
	}

	/** One of a session of its own. */
	static SubscriptionConsumer consumer(long session, int permits) {
		SubscriptionConsumer consumer = SubscriptionConsumer
			.of(new Command.Subscribe(new ReplyTo(session, 1), new Peer(session, 1), "s", SubscriptionType.SHARED,
					InitialPosition.EARLIEST, "consumer", true, ConsumerInstance.once()));
		consumer.grant(permits);
		return consumer;
	}

}
