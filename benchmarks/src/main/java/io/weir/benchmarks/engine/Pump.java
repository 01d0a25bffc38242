package io.weir.benchmarks.engine;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;

import io.weir.broker.engine.Command;
import io.weir.broker.engine.Effect;
import io.weir.broker.engine.Peer;
import io.weir.broker.engine.ReplyTo;
import io.weir.message.MessageId;
import io.weir.message.SubscriptionType;
import io.weir.message.Topic;

/** Moves many messages into a topic and out of it. */
final class Pump {

	private static final int BATCHES_IN_FLIGHT = 200;

	private static final int PERMITS = 1000;

	private final RunningEngine engine;

	private final Topic topic;

	private final int batch;

	private final int size;

	/**
	 * Creates it.
	 * @param batch how many messages a batch has
	 * @param size the bytes of a message
	 */
	Pump(RunningEngine engine, Topic topic, int batch, int size) {
		this.engine = engine;
		this.topic = topic;
		this.batch = batch;
		this.size = size;
	}

	/** Publishes so many messages and waits until they are stored. */
	void publish(int messages) {
		Peer producer = this.engine.newPeer();
		RunningEngine.await(this.engine.openProducer(this.topic, producer, "p" + producer.id(), false));
		Semaphore inFlight = new Semaphore(BATCHES_IN_FLIGHT);
		for (int sequence = 0; sequence < messages; sequence += this.batch) {
			inFlight.acquireUninterruptibly();
			this.engine.publish(this.topic, producer, sequence, this.batch, this.size)
				.whenComplete((stored, failure) -> inFlight.release());
		}
		inFlight.acquireUninterruptibly(BATCHES_IN_FLIGHT);
	}

	/**
	 * Subscribes from the beginning and acknowledges what comes.
	 * @return completes when so many messages have come
	 */
	CompletableFuture<Void> consume(String subscription, int messages) {
		Peer consumer = this.engine.newPeer();
		CompletableFuture<Void> all = new CompletableFuture<>();
		RunningEngine.await(this.engine.subscribe(this.topic, consumer, subscription, SubscriptionType.EXCLUSIVE,
				new Consuming(consumer, messages, all)::delivered));
		this.engine.submit(this.topic, new Command.Flow(consumer, Math.min(messages, PERMITS)));
		return all;
	}

	static List<MessageId> ids(Effect.Deliver deliver) {
		return IntStream.range(deliver.firstIndex(), deliver.firstIndex() + deliver.count())
			.mapToObj((index) -> deliver.entry().position().message(index))
			.toList();
	}

	/** What a consumer does, on the topic's thread. */
	private final class Consuming {

		private final Peer consumer;

		private final int wanted;

		private final CompletableFuture<Void> all;

		private int got;

		Consuming(Peer consumer, int wanted, CompletableFuture<Void> all) {
			this.consumer = consumer;
			this.wanted = wanted;
			this.all = all;
		}

		void delivered(Effect.Deliver deliver) {
			RunningEngine engine = Pump.this.engine;
			this.got += deliver.count();
			engine.submit(Pump.this.topic, new Command.DeliveryWritten(this.consumer, deliver.bytes()));
			engine.submit(Pump.this.topic, new Command.Acknowledge(new ReplyTo(this.consumer.session(), ReplyTo.NOBODY),
					this.consumer, ids(deliver)));
			int more = Math.min(deliver.count(), this.wanted - this.got - PERMITS + deliver.count());
			if (more > 0) {
				engine.submit(Pump.this.topic, new Command.Flow(this.consumer, more));
			}
			if (this.got >= this.wanted) {
				this.all.complete(null);
			}
		}

	}

}
