package io.weir.client.internal.producer;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Stream;

import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

import io.weir.client.internal.callback.Callbacks;
import io.weir.client.internal.connection.Failures;
import io.weir.client.internal.fakes.FakeWorld;
import io.weir.message.AccessMode;
import io.weir.message.Compression;
import io.weir.message.Headers;
import io.weir.message.MessageId;
import io.weir.wire.ErrorCode;
import io.weir.wire.Frame;
import io.weir.wire.MessageRecord;
import io.weir.wire.ProtocolException;
import io.weir.wire.codec.MessageBatch;

import static org.assertj.core.api.Assertions.assertThat;

/** A producer in a {@link FakeWorld}. */
final class ProducerFixture {

	static final Duration SEND_TIMEOUT = Duration.ofSeconds(30);

	static final Duration LINGER = Duration.ofMillis(1);

	final FakeWorld world = new FakeWorld();

	LanePlan plan = new LanePlan.Single();

	/** What {@link ProducerCore#open()} of the last producer returned. */
	CompletableFuture<ProducerCore> created = new CompletableFuture<>();

	int maxPending = 100;

	long maxPendingBytes = 64 * 1024 * 1024;

	boolean waitWhenFull;

	Compression compression = Compression.NONE;

	int batchMaxMessages = 1000;

	int batchMaxBytes = 128 * 1024;

	Callbacks callbacks = Runnable::run;

	Function<ProtocolException, RuntimeException> failures = (cause) -> cause;

	/** A producer that has asked the broker to accept it. */
	ProducerCore opening() {
		ProducerCore producer = producer();
		this.created = producer.open();
		return producer;
	}

	/** A producer that the broker may refuse, and that is used meanwhile. */
	ProducerCore openingLazily() {
		ProducerCore producer = producer();
		producer.openLazily();
		return producer;
	}

	/** As {@link #openingLazily()}, of a topic that may have partitions. */
	PartitionedProducer openingPartitioned() {
		PartitionedProducer producer = new PartitionedProducer(settings(), this::core);
		this.world.manager().start();
		producer.openLazily();
		return producer;
	}

	private ProducerCore producer() {
		ProducerCore producer = core(settings());
		this.world.manager().start();
		return producer;
	}

	private ProducerSettings settings() {
		return new ProducerSettings("topic", null, AccessMode.SHARED, this.plan, false, SEND_TIMEOUT, this.maxPending,
				this.maxPendingBytes, this.waitWhenFull, this.batchMaxMessages, this.batchMaxBytes, LINGER,
				this.compression, this.failures);
	}

	private ProducerCore core(ProducerSettings settings) {
		return new ProducerCore(settings, this.world.manager(), this.world.timer(), this.world.backoff(),
				this.callbacks);
	}

	/** A producer that the broker has accepted. */
	ProducerCore open() {
		ProducerCore producer = opening();
		assertThat(this.created).isCompleted();
		return producer;
	}

	/** The values that came to the broker, in order. */
	List<String> published() {
		return this.world.broker()
			.received(Frame.Publish.class)
			.flatMap((publish) -> values(publish.bytes(), ((Frame.Publish) publish.frame()).count()))
			.toList();
	}

	private static Stream<String> values(byte[] batch, int count) {
		return MessageBatch.read(Unpooled.wrappedBuffer(batch), count)
			.stream()
			.map((record) -> record.payload().toString(StandardCharsets.UTF_8));
	}

	/** Ends what is open, so that no buffer is left. */
	void end() {
		this.world.manager().close();
		this.world.timer().advance(SEND_TIMEOUT.multipliedBy(2));
	}

	/** Sends so many messages, each in a batch of its own. */
	List<CompletableFuture<MessageId>> sendFlushed(ProducerCore producer, int count) {
		List<CompletableFuture<MessageId>> sent = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			sent.add(send(producer, "message " + i));
			this.world.timer().advance(LINGER);
		}
		return sent;
	}

	static CompletableFuture<MessageId> send(ProducerCore producer, String text) {
		return send(producer, null, text);
	}

	static CompletableFuture<MessageId> send(ProducerCore producer, @Nullable String key, String text) {
		return producer.sendAsync(record(key, text));
	}

	static MessageRecord record(@Nullable String key, String text) {
		return new MessageRecord(key, null, Headers.empty(),
				Unpooled.wrappedBuffer(text.getBytes(StandardCharsets.UTF_8)));
	}

	static ErrorCode failure(CompletableFuture<?> future) {
		assertThat(future).isCompletedExceptionally();
		return Failures.of(future.handle((value, failure) -> failure).join()).code();
	}

}
