package io.weir.broker.session;

import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;

import org.jspecify.annotations.Nullable;

import io.weir.broker.engine.Command;
import io.weir.broker.engine.Peer;
import io.weir.broker.engine.ReplyTo;
import io.weir.broker.engine.SubscriptionChange;
import io.weir.message.Topic;
import io.weir.wire.Frame;

/**
 * What a consumer asks of its topic, and the session passes on as it is.
 *
 * @param consumerId the consumer
 * @param command makes the command
 */
record ConsumerRequest(long consumerId, BiFunction<ReplyTo, Peer, Command> command) {

	/** What a frame asks for, or {@code null} if it is none of these. */
	static @Nullable ConsumerRequest of(Frame frame) {
		if (frame instanceof Frame.AcknowledgeUpTo acknowledge) {
			return new ConsumerRequest(acknowledge.consumerId(),
					(replyTo, peer) -> new Command.AcknowledgeUpTo(replyTo, peer, acknowledge.id()));
		}
		if (frame instanceof Frame.SeekId seek) {
			return change(seek.consumerId(), new SubscriptionChange.MoveToMessage(seek.id()));
		}
		if (frame instanceof Frame.SeekTime seek) {
			return change(seek.consumerId(), new SubscriptionChange.MoveToTime(seek.publishTime()));
		}
		if (frame instanceof Frame.Unsubscribe unsubscribe) {
			return change(unsubscribe.consumerId(), new SubscriptionChange.Delete());
		}
		if (frame instanceof Frame.AwaitEnd await) {
			return new ConsumerRequest(await.consumerId(), Command.AwaitEnd::new);
		}
		if (frame instanceof Frame.AskBacklog ask) {
			return new ConsumerRequest(ask.consumerId(), Command.AskBacklog::new);
		}
		return null;
	}

	/** Somebody wants to become a consumer of a topic, who has room or has not. */
	static Command subscribe(ReplyTo replyTo, Peer peer, Topic topic, Frame.Subscribe subscribe, BooleanSupplier room) {
		return new Command.Subscribe(replyTo, peer, subscribe.subscription(), subscribe.type(),
				subscribe.initialPosition(), subscribe.consumerName(), subscribe.durable(), subscribe.instance(), room,
				Names.redelivery(topic, subscribe), subscribe.compacted());
	}

	private static ConsumerRequest change(long consumerId, SubscriptionChange change) {
		return new ConsumerRequest(consumerId, (replyTo, peer) -> new Command.ChangeOwn(replyTo, peer, change));
	}

}
