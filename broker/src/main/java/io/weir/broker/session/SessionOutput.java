package io.weir.broker.session;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import io.weir.broker.engine.Command;
import io.weir.broker.engine.Effect;
import io.weir.broker.engine.Peer;
import io.weir.message.Topic;
import io.weir.pool.Pool;
import io.weir.transport.Connection;
import io.weir.transport.FrameStream;
import io.weir.transport.RequestStream;
import io.weir.wire.ErrorCode;
import io.weir.wire.ProtocolException;

/**
 * What topics have to tell a client, on its way to the client's streams: answers go where
 * the request came from, the rest to the stream of the consumer or producer. Safe to use
 * from any thread, unless it says otherwise.
 */
final class SessionOutput {

	/** What a delivery takes that waits, beside its bytes. */
	static final int DELIVERY_COST = 256;

	private final Map<Long, FrameStream> streams;

	private final UnansweredRequests unanswered;

	private final Requests requests;

	private final DeliveryRoom room;

	private final BiConsumer<Topic, Command> engine;

	private final Executor eventLoop;

	private final PooledDeliveries pooled;

	/**
	 * Creates the way out.
	 * @param streams the open streams of the client
	 * @param room what may wait of deliveries
	 * @param engine hears what was delivered
	 * @param eventLoop runs tasks on the connection's event loop
	 * @param pool makes the pool of streams that the broker opens
	 */
	SessionOutput(Map<Long, FrameStream> streams, UnansweredRequests unanswered, Requests requests, DeliveryRoom room,
			BiConsumer<Topic, Command> engine, Executor eventLoop, Connection connection,
			Supplier<Pool<RequestStream>> pool) {
		this.streams = streams;
		this.unanswered = unanswered;
		this.requests = requests;
		this.room = room;
		this.engine = engine;
		this.eventLoop = eventLoop;
		this.pooled = new PooledDeliveries(connection, pool, this::written, this::deliverOnOwnStream);
	}

	/** Carries an effect out. */
	void tell(Effect.Telling effect) {
		if (effect instanceof Effect.Deliver deliver) {
			deliver(deliver);
		}
		else if (effect instanceof Effect.Answer answer) {
			answer(answer);
		}
		else if (effect instanceof Effect.MessagesTrimmed trimmed) {
			write(this.requests.streamOfConsumer(trimmed.consumer().id()), 0, trimmed);
		}
		else if (effect instanceof Effect.ConsumerClosed closed) {
			FrameStream stream = this.requests.streamOfConsumer(closed.consumer().id());
			forgetConsumer(closed.consumer());
			write(stream, 0, closed);
		}
		else if (effect instanceof Effect.ProducerClosed closed) {
			write(open(this.requests.streamOfProducer(closed.producer().id())), 0, closed);
		}
	}

	private void answer(Effect.Answer answer) {
		UnansweredRequests.Request request = this.unanswered.take(answer.to());
		if (request == null) {
			return;
		}
		// Before the client is told, which may then use the id again.
		if (answer instanceof Effect.Unsubscribed unsubscribed) {
			forgetConsumer(unsubscribed.consumer());
		}
		else if (answer instanceof Effect.Refused refused) {
			forgetConsumer(refused.consumer());
			forgetProducer(refused.producer());
		}
		write(open(request.stream()), request.request(), answer);
	}

	private void forgetConsumer(@Nullable Peer consumer) {
		if (consumer != null) {
			this.eventLoop.execute(() -> this.requests.consumerGone(consumer.id()));
		}
	}

	private void forgetProducer(@Nullable Peer producer) {
		if (producer != null) {
			this.eventLoop.execute(() -> this.requests.producerGone(producer.id()));
		}
	}

	private @Nullable FrameStream open(@Nullable Long stream) {
		return (stream != null) ? this.streams.get(stream) : null;
	}

	private static void write(@Nullable FrameStream stream, long request, Effect.Telling effect) {
		if (stream != null) {
			stream.write(request, Frames.of(effect));
		}
	}

	private void deliver(Effect.Deliver deliver) {
		this.room.use(DELIVERY_COST + deliver.bytes());
		if (deliver.ordered()) {
			deliverOnOwnStream(deliver);
		}
		else {
			this.pooled.deliver(deliver);
		}
	}

	private void deliverOnOwnStream(Effect.Deliver deliver) {
		FrameStream stream = this.requests.streamOfConsumer(deliver.consumer().id());
		if (stream == null) {
			// The command that the consumer is gone is on its way to the topic.
			deliver.release();
			written(deliver);
			return;
		}
		stream.write(0, Frames.of(deliver)).whenComplete((ignored, failure) -> {
			written(deliver);
			if (failure instanceof ProtocolException cause && cause.code() == ErrorCode.NOT_SUPPORTED) {
				this.eventLoop.execute(() -> this.requests.dismissConsumer(deliver.consumer().id(), cause));
			}
		});
	}

	/** QUIC took it, or never will: it waits for the network no longer. */
	private void written(Effect.Deliver deliver) {
		int bytes = deliver.bytes();
		this.engine.accept(deliver.topic(), new Command.DeliveryWritten(deliver.consumer(), bytes));
		if (this.room.giveBack(DELIVERY_COST + bytes)) {
			this.eventLoop.execute(this.requests::deliverMore);
		}
	}

	/** As {@link PooledDeliveries#flush()}; on the event loop. */
	CompletableFuture<Void> flush() {
		return this.pooled.flush();
	}

	/** The session has ended; on the event loop. */
	void end() {
		this.pooled.end();
		this.unanswered.end();
	}

}
