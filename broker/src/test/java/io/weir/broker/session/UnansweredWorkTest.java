package io.weir.broker.session;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;

import io.weir.broker.engine.Command;
import io.weir.broker.security.BrokerSecurity;
import io.weir.message.AccessMode;
import io.weir.message.Compression;
import io.weir.message.InitialPosition;
import io.weir.message.MessageId;
import io.weir.message.SubscriptionType;
import io.weir.transport.fakes.FakeStream;
import io.weir.wire.BatchEncoding;
import io.weir.wire.BrokerLimit;
import io.weir.wire.Budget;
import io.weir.wire.Budgets;
import io.weir.wire.Frame;
import io.weir.wire.Limits;
import io.weir.wire.Position;

import static org.assertj.core.api.Assertions.assertThat;

/** What is not answered costs credit as well, until a topic has come to it. */
class UnansweredWorkTest {

	private final Budgets budgets = new Budgets((limit) -> 1024 * 1024);

	private final Budget incoming = this.budgets.of(BrokerLimit.INCOMING_MEMORY);

	private final Deque<Runnable> eventLoop = new ArrayDeque<>();

	private final Credit credit = new Credit(this.eventLoop::add, this.budgets);

	private final UnansweredRequests unanswered = new UnansweredRequests(1, this.credit);

	private final List<Command> commands = new ArrayList<>();

	private final Requests requests = new Requests(1, this.budgets,
			new IncomingBatches(new SessionSettings("b", 1024, 16 * 1024 * 1024, this.budgets, BrokerSecurity.NONE)),
			this.unanswered, new PartitionNotices(new TopicPartitions()), () -> true,
			(topic, command) -> this.commands.add(command));

	private final FakeStream stream = new FakeStream(4);

	UnansweredWorkTest() {
		this.requests.handle(this.stream, 1,
				new Frame.Subscribe(1, "t", "s", SubscriptionType.SHARED, InitialPosition.EARLIEST, "c", true));
		this.credit.add(this.stream);
	}

	@Test
	void messagesThatAreGivenBackMustCostByTheirNumber() {
		long before = this.incoming.used();
		List<MessageId> ids = Collections.nCopies(Limits.MAX_ACK_IDS, new Position(1, 1).message(0));
		this.requests.handle(this.stream, 0, new Frame.NegativeAcknowledge(1, ids));
		assertThat(this.incoming.used()).isGreaterThan(before + 32L * Limits.MAX_ACK_IDS);
		this.requests.handle(this.stream, 0, new Frame.NegativeAcknowledge(1, ids));
		assertThat(this.stream.isReading()).isFalse();
		settle();
		assertThat(this.incoming.used()).isEqualTo(before);
		assertThat(this.stream.isReading()).isTrue();
	}

	@Test
	void permitsMustCostUntilTheTopicHasThem() {
		long before = this.incoming.used();
		this.requests.handle(this.stream, 0, new Frame.Flow(1, 10));
		assertThat(this.incoming.used()).isGreaterThan(before);
		settle();
		assertThat(this.incoming.used()).isEqualTo(before);
	}

	/** It is not decompressed, and others need the memory. */
	@Test
	void batchThatIsTooMuchNowMustCostItsOwnBytesOnly() {
		this.requests.handle(this.stream, 2, new Frame.OpenProducer(1, "t", "p", -1, AccessMode.SHARED));
		long before = this.incoming.used();
		ByteBuf batch = Unpooled.buffer().writeZero(100);
		BatchEncoding encoding = BatchEncoding.compressed(Compression.ZSTD, 8 * 1024 * 1024, batch);
		this.requests.handle(this.stream, 3, new Frame.Publish(1, 0, 1, encoding, batch));
		assertThat(this.commands).last().isInstanceOf(Command.PublishRefused.class);
		assertThat(batch.refCnt()).isZero();
		assertThat(this.incoming.used()).isBetween(before + 100, before + 1000);
		assertThat(this.incoming.isExceeded()).isFalse();
	}

	/** The topic has come to everything. */
	private void settle() {
		this.commands.forEach((command) -> {
			if (command instanceof Command.Settle settle) {
				this.unanswered.take(settle.replyTo());
			}
		});
		while (!this.eventLoop.isEmpty()) {
			this.eventLoop.remove().run();
		}
	}

}
