package io.weir.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import io.weir.broker.Broker;
import io.weir.broker.CompactionStats;
import io.weir.broker.policy.TopicPolicies;
import io.weir.message.InitialPosition;
import io.weir.message.Message;
import io.weir.message.Schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What readers and tables find of a topic that is compacted, with a real broker. So much
 * is published that it looks at once what may go.
 */
@Timeout(120)
class CompactionEndToEndTest {

	private static final Duration SOON = Duration.ofSeconds(60);

	private static final int KEYS = 4;

	private static final int MESSAGES = 140;

	private static final int SIZE = 512 * 1024;

	private final InMemory memory = new InMemory();

	private final Broker broker = this.memory.broker();

	private WeirClient client;

	private Producer<byte[]> producer;

	@BeforeEach
	void start() {
		this.broker.start();
		this.client = this.memory.client(this.broker).build();
		this.broker.createTopic("prices");
		this.broker.setPolicies("prices", TopicPolicies.builder().compaction(true).build());
		this.producer = this.client.producer(Schema.bytes()).topic("prices").create();
	}

	@AfterEach
	void stop() {
		this.client.close();
		this.broker.close();
	}

	@Test
	void readersAndTablesFindTheLatestMessagesOfAllKeys() {
		publish();
		await().atMost(SOON).until(() -> compaction().removedMessages() >= MESSAGES - 2 * KEYS);
		assertThat(this.broker.topic("prices").orElseThrow().space().bytes()).isLessThan(3L * KEYS * SIZE);
		assertThat(read(false)).hasSizeBetween(KEYS, 2 * KEYS);
		try (Table<byte[]> table = this.client.table(Schema.bytes(), "prices")) {
			assertThat(table.size()).isEqualTo(KEYS);
			assertThat(table.snapshot().values()).extracting((value) -> value[0])
				.containsExactlyInAnyOrder(last(0), last(1), last(2), last(3));
		}
	}

	@Test
	void compactedReaderPassesOverWhatIsThereForASubscription() {
		this.client.consumer(Schema.bytes())
			.topic("prices")
			.subscription("audit")
			.initialPosition(InitialPosition.EARLIEST)
			.receiverQueueSize(1)
			.subscribe();
		publish();
		await().atMost(SOON).until(() -> compaction().passes() > 0);
		assertThat(compaction().removedMessages()).isZero();
		assertThat(read(false)).hasSize(MESSAGES);
		assertThat(read(true)).hasSizeLessThan(MESSAGES / 2).endsWith(last(0), last(1), last(2), last(3));
	}

	/** The first byte of the last value of a key. */
	private static byte last(int key) {
		return (byte) (MESSAGES - KEYS + key);
	}

	private void publish() {
		for (int i = 0; i < MESSAGES; i++) {
			byte[] value = new byte[SIZE];
			value[0] = (byte) i;
			this.producer.message(value).key("key " + i % KEYS).send();
		}
	}

	private CompactionStats compaction() {
		CompactionStats compaction = this.broker.topic("prices").orElseThrow().space().compaction();
		assertThat(compaction).isNotNull();
		return compaction;
	}

	/** The first bytes of the values that a reader is given up to the last one. */
	private List<Byte> read(boolean compacted) {
		ReaderBuilder<byte[]> builder = this.client.reader(Schema.bytes())
			.topic("prices")
			.startAt(InitialPosition.EARLIEST);
		List<Byte> read = new ArrayList<>();
		try (Reader<byte[]> reader = (compacted ? builder.compacted() : builder).create()) {
			byte last = 0;
			while (last != last(KEYS - 1)) {
				Message<byte[]> message = reader.read();
				last = message.value()[0];
				read.add(last);
			}
		}
		return read;
	}

}
