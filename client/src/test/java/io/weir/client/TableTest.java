package io.weir.client;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import io.weir.broker.Broker;
import io.weir.client.internal.connection.BrokerSession;
import io.weir.message.Schema;
import io.weir.wire.ErrorCode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/** The latest value of each key, with a real broker. */
@Timeout(60)
class TableTest {

	private static final Duration SOON = Duration.ofSeconds(30);

	private final InMemory memory = new InMemory();

	private final Broker broker = this.memory.broker();

	private final List<String> changes = new CopyOnWriteArrayList<>();

	private WeirClient client;

	private Producer<String> producer;

	@BeforeEach
	void start() {
		this.broker.start();
		this.client = this.memory.client(this.broker).build();
		this.producer = this.client.producer(Schema.string()).topic("prices").maxPending(8000).create();
	}

	@AfterEach
	void stop() {
		this.client.close();
		this.broker.close();
	}

	@Test
	void everythingThatIsStoredIsThereWhenTheTableIs() {
		IntStream.range(0, 3000).forEach((i) -> this.producer.message("value " + i).key("key " + i % 1000).sendAsync());
		this.producer.flush();
		try (Table<String> table = table()) {
			assertThat(table.size()).isEqualTo(1000);
			assertThat(table.get("key 7")).isEqualTo("value 2007");
			assertThat(table.get("another")).isNull();
			assertThat(table.containsKey("key 999")).isTrue();
			assertThat(table.containsKey("key 1000")).isFalse();
			assertThat(table.snapshot()).hasSize(1000).containsEntry("key 0", "value 2000");
			assertThat(table.topic()).isEqualTo("prices");
			assertThat(table.isConnected()).isTrue();
		}
	}

	@Test
	void emptyTopicMakesAnEmptyTable() {
		try (Table<String> table = table()) {
			assertThat(table.size()).isZero();
			assertThat(table.snapshot()).isEmpty();
		}
	}

	@Test
	void tableFollowsItsTopicAndTellsOfEachChangeInOrder() {
		set("a", "1");
		set("a", "2");
		try (Table<String> table = table()) {
			set("b", "3");
			set("a", "4");
			delete("b");
			delete("never");
			set("c", "5");
			await().atMost(SOON).until(() -> table.containsKey("c"));
			assertThat(table.snapshot()).isEqualTo(Map.of("a", "4", "c", "5"));
			await().atMost(SOON)
				.untilAsserted(() -> assertThat(this.changes).containsExactly("a: null → 1", "a: 1 → 2", "b: null → 3",
						"a: 2 → 4", "b: 3 → null", "c: null → 5"));
		}
	}

	@Test
	void messageWithoutAPayloadDeletesItsKey() {
		set("a", "1");
		set("b", "2");
		delete("a");
		try (Table<String> table = table()) {
			assertThat(table.snapshot()).isEqualTo(Map.of("b", "2"));
		}
	}

	@Test
	void snapshotDoesNotChange() {
		set("a", "1");
		try (Table<String> table = table()) {
			Map<String, String> before = table.snapshot();
			set("a", "2");
			await().atMost(SOON).until(() -> "2".equals(table.get("a")));
			assertThat(before).isEqualTo(Map.of("a", "1"));
		}
	}

	@Test
	void messageWithoutAKeyIsPassedOverAndCounted() {
		this.producer.send("no key");
		set("a", "1");
		try (Table<String> table = table()) {
			assertThat(table.snapshot()).isEqualTo(Map.of("a", "1"));
			assertThat(table.passedOver()).isEqualTo(1);
		}
	}

	/** Nobody is given the old value for the new one. */
	@Test
	void valueThatCannotBeDecodedTakesItsKeyOut() {
		set("a", "1");
		set("b", "2");
		this.client.producer(Schema.bytes()).topic("prices").create().message(new byte[] { -1 }).key("a").send();
		try (Table<String> table = table()) {
			assertThat(table.snapshot()).isEqualTo(Map.of("b", "2"));
			assertThat(table.passedOver()).isEqualTo(1);
		}
		assertThat(this.changes).contains("a: 1 → null");
	}

	@Test
	void tableGoesOnWhenTheConnectionWasLost() {
		set("a", "1");
		try (Table<String> table = table()) {
			for (int i = 2; i < 7; i++) {
				breakConnection();
				set("a", String.valueOf(i));
				String expected = String.valueOf(i);
				await().atMost(SOON).until(() -> expected.equals(table.get("a")));
			}
			assertThat(this.changes).containsExactly("a: null → 1", "a: 1 → 2", "a: 2 → 3", "a: 3 → 4", "a: 4 → 5",
					"a: 5 → 6");
		}
	}

	@Test
	void connectionMayBeLostWhileTheTopicIsRead() {
		IntStream.range(0, 5000).forEach((i) -> this.producer.message("value " + i).key("key " + i).sendAsync());
		this.producer.flush();
		CompletableFuture<Void> some = new CompletableFuture<>();
		CompletableFuture<Table<String>> table = this.client.tableAsync(Schema.string(), "prices",
				(key, before, after) -> {
					if (key.equals("key 1000")) {
						breakConnection();
						some.complete(null);
					}
				});
		some.orTimeout(30, TimeUnit.SECONDS).join();
		try (Table<String> read = table.orTimeout(30, TimeUnit.SECONDS).join()) {
			assertThat(read.size()).isEqualTo(5000);
		}
	}

	@Test
	void listenerThatFailsMissesNothing() {
		TableListener<String> failing = (key, before, after) -> {
			this.changes.add(key);
			throw new IllegalStateException("planted");
		};
		set("a", "1");
		try (Table<String> table = this.client.table(Schema.string(), "prices", failing)) {
			set("b", "2");
			await().atMost(SOON).untilAsserted(() -> assertThat(this.changes).containsExactly("a", "b"));
			assertThat(table.snapshot()).isEqualTo(Map.of("a", "1", "b", "2"));
		}
	}

	@Test
	void closedTableIsReadByNobody() {
		set("a", "1");
		Table<String> table = table();
		table.close();
		table.close();
		await().atMost(SOON)
			.untilAsserted(() -> assertThatExceptionOfType(WeirException.class).isThrownBy(() -> table.get("a"))
				.extracting(WeirException::code)
				.isEqualTo(ErrorCode.CLOSED));
		assertThatExceptionOfType(WeirException.class).isThrownBy(table::size);
		assertThatExceptionOfType(WeirException.class).isThrownBy(table::snapshot);
	}

	@Test
	void interruptedCreationLeavesNothingBehind() {
		set("a", "1");
		// Else the table might be there before this thread waits for it.
		CountDownLatch read = new CountDownLatch(1);
		Thread.currentThread().interrupt();
		try {
			assertThatExceptionOfType(WeirException.class)
				.isThrownBy(() -> this.client.table(new SlowSchema(read), "prices"))
				.extracting(WeirException::code)
				.isEqualTo(ErrorCode.INTERRUPTED);
			assertThat(Thread.interrupted()).isTrue();
		}
		finally {
			read.countDown();
		}
		await().atMost(SOON).until(() -> this.broker.topics().get(0).subscriptions().isEmpty());
	}

	private Table<String> table() {
		return this.client.table(Schema.string(), "prices",
				(key, before, after) -> this.changes.add(key + ": " + before + " → " + after));
	}

	private void set(String key, String value) {
		this.producer.message(value).key(key).send();
	}

	private void delete(String key) {
		this.producer.tombstone(key).send();
	}

	private void breakConnection() {
		BrokerSession session = ((DefaultWeirClient) this.client).connectionManagers()
			.managers()
			.get(0)
			.state()
			.session();
		if (session != null) {
			session.connection().close(ErrorCode.INTERNAL, "broken by the test");
		}
	}

	/** Reads nothing until it may. */
	private record SlowSchema(CountDownLatch may) implements Schema<String> {

		@Override
		public ByteBuffer encode(String value) {
			return Schema.string().encode(value);
		}

		@Override
		public String decode(ByteBuffer payload) {
			await().atMost(SOON).until(() -> this.may.getCount() == 0);
			return Schema.string().decode(payload);
		}

	}

}
