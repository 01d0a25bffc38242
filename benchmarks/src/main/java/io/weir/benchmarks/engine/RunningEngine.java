package io.weir.benchmarks.engine;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

import io.weir.broker.engine.Command;
import io.weir.broker.engine.Effect;
import io.weir.broker.engine.Peer;
import io.weir.broker.engine.ReplyTo;
import io.weir.broker.engine.runtime.Engine;
import io.weir.broker.store.MessageIndex;
import io.weir.broker.store.MessageIndexBuilder;
import io.weir.broker.store.StorageEngine;
import io.weir.message.AccessMode;
import io.weir.message.InitialPosition;
import io.weir.message.SubscriptionType;
import io.weir.message.Topic;
import io.weir.wire.BatchEncoding;
import io.weir.wire.Budgets;
import io.weir.wire.ConsumerInstance;

/**
 * An engine with one thread and without a network: one session asks and is told, and each
 * producer and consumer is a number.
 */
final class RunningEngine implements AutoCloseable {

	private static final long SESSION = 1;

	private static final long PATIENCE_SECONDS = 120;

	private final StorageEngine store;

	private final Engine engine;

	private final Map<Long, CompletableFuture<Effect.Answer>> questions = new ConcurrentHashMap<>();

	private final Map<Long, Consumer<Effect.Deliver>> consumers = new ConcurrentHashMap<>();

	private final AtomicLong numbers = new AtomicLong();

	RunningEngine(StorageEngine store) {
		this.store = store;
		this.engine = new Engine(store, 1, System::currentTimeMillis, Budgets.unlimited());
		this.engine.start(this::told);
	}

	private void told(Effect.Telling effect) {
		if (effect instanceof Effect.Deliver deliver) {
			Consumer<Effect.Deliver> consumer = this.consumers.get(deliver.consumer().id());
			if (consumer != null) {
				consumer.accept(deliver);
			}
			deliver.release();
		}
		else if (effect instanceof Effect.Answer answer) {
			CompletableFuture<Effect.Answer> question = this.questions.remove(answer.to().ticket());
			if (question != null && answer instanceof Effect.Refused refused) {
				question.completeExceptionally(new IllegalStateException(refused.reason()));
			}
			else if (question != null) {
				question.complete(answer);
			}
		}
	}

	/** A number that nobody has had. */
	Peer newPeer() {
		return new Peer(SESSION, this.numbers.incrementAndGet());
	}

	void submit(Topic topic, Command command) {
		this.engine.submit(topic, command);
	}

	CompletableFuture<Effect.Answer> ask(Topic topic, Function<ReplyTo, Command.Request> question) {
		long ticket = this.numbers.incrementAndGet();
		CompletableFuture<Effect.Answer> answer = new CompletableFuture<>();
		this.questions.put(ticket, answer);
		this.engine.submit(topic, question.apply(new ReplyTo(SESSION, ticket)));
		return answer;
	}

	CompletableFuture<Effect.Answer> openProducer(Topic topic, Peer producer, String name, boolean generated) {
		return ask(topic, (to) -> new Command.OpenProducer(to, producer, name, generated, -1, AccessMode.SHARED));
	}

	/** A batch of messages of equal size without keys. */
	CompletableFuture<Effect.Answer> publish(Topic topic, Peer producer, long firstSequence, int count, int size) {
		ByteBuf batch = Unpooled.buffer(count * size).writeZero(count * size);
		MessageIndexBuilder index = MessageIndex.builder(count);
		for (int i = 0; i < count; i++) {
			index.add(size, MessageIndex.NO_KEY, MessageIndex.AT_ONCE, MessageIndex.NEVER);
		}
		return ask(topic, (to) -> new Command.Publish(to, producer, firstSequence, index.build(),
				BatchEncoding.plain(batch), batch));
	}

	CompletableFuture<Effect.Answer> subscribe(Topic topic, Peer consumer, String subscription, SubscriptionType type,
			Consumer<Effect.Deliver> deliveries) {
		this.consumers.put(consumer.id(), deliveries);
		return ask(topic, (to) -> new Command.Subscribe(to, consumer, subscription, type, InitialPosition.EARLIEST,
				"benchmark", true, ConsumerInstance.once()));
	}

	CompletableFuture<Effect.Answer> closeConsumer(Topic topic, Peer consumer) {
		this.consumers.remove(consumer.id());
		return ask(topic, (to) -> new Command.CloseConsumer(to, consumer));
	}

	static <T> T await(CompletableFuture<T> stage) {
		return stage.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
	}

	@Override
	public void close() {
		await(this.engine.drain().toCompletableFuture());
		this.engine.close();
		this.store.close();
	}

}
