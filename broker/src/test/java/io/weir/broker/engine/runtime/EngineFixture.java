package io.weir.broker.engine.runtime;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.AfterEach;

import io.weir.broker.engine.Command;
import io.weir.broker.engine.Effect;
import io.weir.broker.engine.Peer;
import io.weir.broker.engine.ReplyTo;
import io.weir.broker.policy.PolicyDefaults;
import io.weir.broker.store.MessageIndexes;
import io.weir.message.AccessMode;
import io.weir.message.InitialPosition;
import io.weir.message.SubscriptionType;
import io.weir.message.Topic;
import io.weir.wire.BatchEncoding;
import io.weir.wire.Budgets;
import io.weir.wire.ConsumerInstance;
import io.weir.wire.ErrorCode;

import static org.assertj.core.api.Assertions.assertThat;

/** An engine over a store that does what the test says. */
abstract class EngineFixture {

	static final Topic TOPIC = new Topic("topic");

	static final Peer PEER = new Peer(1, 1);

	final BlockingQueue<Effect.Telling> told = new LinkedBlockingQueue<>();

	final BlockingQueue<Error> errors = new LinkedBlockingQueue<>();

	final ScriptedStore store = new ScriptedStore();

	final Engine engine = new Engine(this.store, 2, EngineClock.neverSet(() -> 42), Budgets.unlimited(), 1_000_000,
			PolicyDefaults.none(), this.errors::add);

	EngineFixture() {
		this.engine.start(this::tell);
	}

	@AfterEach
	void close() {
		this.engine.close();
		this.store.close();
	}

	/** Of what nobody asked for, but for deliveries. */
	Effect.Telling nextUnasked() throws InterruptedException {
		Effect.Telling effect = this.told.poll(10, TimeUnit.SECONDS);
		while (effect instanceof Effect.Deliver || effect instanceof Effect.Done) {
			effect = this.told.poll(10, TimeUnit.SECONDS);
		}
		assertThat(effect).isNotNull();
		return effect;
	}

	void consume(long request) {
		this.engine.submit(TOPIC, subscribe(request, SubscriptionType.KEY_SHARED, () -> true));
		this.engine.submit(TOPIC, new Command.Flow(new Peer(1, request), 10));
	}

	<E extends Effect> E nextOf(Class<E> type) throws InterruptedException {
		Effect effect = this.told.poll(10, TimeUnit.SECONDS);
		while (effect != null && !type.isInstance(effect)) {
			effect = this.told.poll(10, TimeUnit.SECONDS);
		}
		assertThat(effect).isInstanceOf(type);
		return type.cast(effect);
	}

	static void assertRefused(Effect effect, ErrorCode code, String reason) {
		assertThat(effect).isInstanceOfSatisfying(Effect.Refused.class, (refused) -> {
			assertThat(refused.code()).isEqualTo(code);
			assertThat(refused.reason()).contains(reason);
		});
	}

	void tell(Effect.Telling effect) {
		if (effect instanceof Effect.ProducerClosed closed && closed.code() == ErrorCode.PRODUCER_FENCED) {
			throw new IllegalStateException("The client cannot be told");
		}
		this.told.add(effect);
	}

	void openProducer(long request) {
		this.engine.submit(TOPIC,
				new Command.OpenProducer(new ReplyTo(1, request), PEER, "p", false, -1, AccessMode.SHARED));
	}

	ByteBuf publish(long request) {
		return publish(request, 0);
	}

	ByteBuf publish(long request, long sequence) {
		return publish(request, sequence, Long.BYTES);
	}

	ByteBuf publish(long request, long sequence, int bytes) {
		ByteBuf batch = Unpooled.buffer().writeZero(bytes);
		this.engine.submit(TOPIC, new Command.Publish(new ReplyTo(1, request), PEER, sequence,
				MessageIndexes.even(1, bytes), BatchEncoding.plain(batch), batch));
		return batch;
	}

	static Command subscribe(long request) {
		return subscribe(request, SubscriptionType.EXCLUSIVE, () -> true);
	}

	static Command subscribe(long request, SubscriptionType type, BooleanSupplier room) {
		return new Command.Subscribe(new ReplyTo(1, request), new Peer(1, request), "s", type, InitialPosition.EARLIEST,
				"c", true, ConsumerInstance.once(), room, null);
	}

	Effect.Telling next(long request) throws InterruptedException {
		Effect.Telling effect = this.told.poll(10, TimeUnit.SECONDS);
		while (effect != null && !(effect instanceof Effect.Answer answer && answer.to().ticket() == request)) {
			effect = this.told.poll(10, TimeUnit.SECONDS);
		}
		return effect;
	}

}
