package io.weir.client;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletionStage;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import io.weir.broker.Broker;
import io.weir.broker.BrokerBuilder;
import io.weir.broker.store.Durability;
import io.weir.broker.store.Entry;
import io.weir.broker.store.StorageEngine;
import io.weir.broker.store.rocksdb.RocksDbStorageEngine;
import io.weir.message.Compression;
import io.weir.message.InitialPosition;
import io.weir.message.Message;
import io.weir.message.Schema;
import io.weir.message.Topic;
import io.weir.transport.Connection;
import io.weir.transport.FrameStream;
import io.weir.transport.StreamHandler;
import io.weir.transport.Transport;
import io.weir.wire.Frame;
import io.weir.wire.Position;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * One batch of a producer is one entry of the log and one delivery, of the same bytes:
 * compared as they leave the client, as they are on the disk, and as they come back.
 */
class BytesUntouchedTest {

	private static final int MESSAGES = 200;

	private static final int BATCH = 40;

	private final InMemory network = new InMemory();

	private final List<String> sent = Collections.synchronizedList(new ArrayList<>());

	private final List<String> delivered = Collections.synchronizedList(new ArrayList<>());

	@TempDir
	private Path data;

	@ParameterizedTest
	@EnumSource(Compression.class)
	@Timeout(60)
	void batchIsOneEntryAndOneDeliveryOfTheSameBytes(Compression compression) {
		List<String> values;
		try (StorageEngine store = RocksDbStorageEngine.open(this.data, Durability.OS)) {
			try (Broker broker = this.network.broker((builder) -> settings(builder, store)).start();
					WeirClient client = this.network.client(broker, this::watched).build()) {
				values = publish(client, compression);
				assertThat(receive(client, values.size())).isEqualTo(values);
			}
			assertThat(this.sent).hasSizeLessThan(values.size());
		}
		// From the disk, not from memory
		try (StorageEngine store = RocksDbStorageEngine.open(this.data, Durability.OS)) {
			this.delivered.clear();
			try (Broker broker = this.network.broker((builder) -> settings(builder, store)).start();
					WeirClient client = this.network.client(broker, this::watched).build()) {
				assertThat(receive(client, values.size())).isEqualTo(values);
			}
			assertThat(stored(store)).isEqualTo(this.sent);
		}
	}

	/** If messages are small, a reader may ask for all of them, and no batch is cut. */
	private static BrokerBuilder settings(BrokerBuilder builder, StorageEngine store) {
		return builder.storage(store).maxMessageSize(256 * 1024);
	}

	/** In batches of many messages. */
	private List<String> publish(WeirClient client, Compression compression) {
		List<String> values = new ArrayList<>();
		Producer<String> producer = client.producer(Schema.string())
			.topic("t")
			.compression(compression)
			.batchMaxMessages(BATCH)
			.batchLinger(Duration.ofMinutes(1))
			.create();
		for (int i = 0; i < MESSAGES; i++) {
			String value = "message " + i + " " + "x".repeat(i % 50);
			values.add(value);
			producer.message(value).key("key" + i % 3).header("name", "value").sendAsync();
		}
		producer.flush();
		return values;
	}

	private List<String> receive(WeirClient client, int count) {
		List<String> received = new ArrayList<>();
		try (Reader<String> reader = client.reader(Schema.string())
			.topic("t")
			.startAt(InitialPosition.EARLIEST)
			.create()) {
			while (received.size() < count) {
				Message<String> message = reader.read(Duration.ofSeconds(30));
				assertThat(message).isNotNull();
				received.add(message.value());
			}
		}
		assertThat(this.delivered).isEqualTo(this.sent);
		return received;
	}

	private static List<String> stored(StorageEngine store) {
		List<Entry> entries = store.open(new Topic("t"), Long.MAX_VALUE)
			.thenCompose((opened) -> opened.log().read(Position.BEFORE_FIRST, Integer.MAX_VALUE, Integer.MAX_VALUE))
			.toCompletableFuture()
			.join();
		List<String> bytes = entries.stream().map((entry) -> ByteBufUtil.hexDump(entry.batch())).toList();
		entries.forEach(Entry::release);
		return bytes;
	}

	/** Sees what batches a client sends and what is delivered to it. */
	private Transport watched(Transport transport) {
		return Interception.of(Transport.class, transport, this::onTransport);
	}

	private @Nullable Object onTransport(String method, Object[] arguments, Interception.Call call) throws Throwable {
		Object result = call.proceed();
		return method.equals("connect") ? stage(result, Connection.class, this::onConnection) : result;
	}

	private @Nullable Object onConnection(String method, Object[] arguments, Interception.Call call) throws Throwable {
		if (method.equals("openStream")) {
			arguments[0] = Interception.of(StreamHandler.class, (StreamHandler) arguments[0], this::onReceived);
			return stage(call.proceed(), FrameStream.class, this::onSent);
		}
		return call.proceed();
	}

	private @Nullable Object onSent(String method, Object[] arguments, Interception.Call call) throws Throwable {
		if (method.equals("write") && arguments[1] instanceof Frame.Publish publish) {
			this.sent.add(hex(publish.batch()));
		}
		return call.proceed();
	}

	private @Nullable Object onReceived(String method, Object[] arguments, Interception.Call call) throws Throwable {
		if (method.equals("onFrame") && arguments[2] instanceof Frame.Deliver deliver) {
			this.delivered.add(hex(deliver.batch()));
		}
		return call.proceed();
	}

	private static String hex(ByteBuf batch) {
		return ByteBufUtil.hexDump(batch);
	}

	private static <T> CompletionStage<T> stage(@Nullable Object stage, Class<T> type, Interception interception) {
		return ((CompletionStage<?>) stage).thenApply((value) -> Interception.of(type, type.cast(value), interception));
	}

}
