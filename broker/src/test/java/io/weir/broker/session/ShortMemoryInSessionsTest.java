package io.weir.broker.session;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.weir.broker.engine.ClientSessions;
import io.weir.broker.engine.Command;
import io.weir.broker.engine.Effect;
import io.weir.broker.engine.Peer;
import io.weir.broker.security.BrokerSecurity;
import io.weir.broker.store.Entry;
import io.weir.broker.store.EntryHeader;
import io.weir.broker.store.MessageIndexes;
import io.weir.fixtures.memory.ShortMemory;
import io.weir.message.AccessMode;
import io.weir.message.Compression;
import io.weir.message.Headers;
import io.weir.message.Topic;
import io.weir.transport.fakes.FakeConnection;
import io.weir.transport.fakes.FakeStream;
import io.weir.wire.BatchEncoding;
import io.weir.wire.BrokerLimit;
import io.weir.wire.Budget;
import io.weir.wire.Budgets;
import io.weir.wire.ErrorCode;
import io.weir.wire.Frame;
import io.weir.wire.MessageRecord;
import io.weir.wire.Position;
import io.weir.wire.codec.BatchCompression;
import io.weir.wire.codec.BatchCompression.EncodedBatch;
import io.weir.wire.codec.MessageBatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** Whoever owns a buffer releases it, though there is no memory or no thread. */
class ShortMemoryInSessionsTest {

	private final Budgets budgets = new Budgets((limit) -> 1024 * 1024);

	private final Budget incoming = this.budgets.of(BrokerLimit.INCOMING_MEMORY);

	private final SessionSettings settings = new SessionSettings("b", 1024, 1024 * 1024, this.budgets,
			BrokerSecurity.NONE);

	private final List<Command> commands = new ArrayList<>();

	private final FakeConnection connection = new FakeConnection();

	private final ClientSessions registry = new ClientSessions();

	private final Sessions sessions = new Sessions(this.settings, (topic, command) -> this.commands.add(command),
			this.registry);

	@AfterEach
	void close() {
		ShortMemory.stopFailing();
		this.sessions.close();
	}

	@Test
	void batchThatThereIsNoMemoryToCheckMustBeReleased() {
		FakeStream stream = new FakeStream(4);
		Requests requests = new Requests(1, this.budgets, new IncomingBatches(this.settings),
				new UnansweredRequests(1, new Credit(Runnable::run, this.budgets)),
				new PartitionNotices(new TopicPartitions()), () -> true,
				(topic, command) -> this.commands.add(command));
		requests.handle(stream, 1, new Frame.OpenProducer(1, "t", "p", -1, AccessMode.SHARED));
		long before = this.incoming.used();
		Frame.Publish publish = compressed();
		ShortMemory.failAt(0);
		assertThatExceptionOfType(OutOfMemoryError.class).isThrownBy(() -> requests.handle(stream, 2, publish));
		assertThat(publish.batch().refCnt()).isZero();
		assertThat(this.incoming.used()).isEqualTo(before);
		requests.handle(stream, 3, compressed());
		assertThat(this.commands).last()
			.isInstanceOfSatisfying(Command.Publish.class, (again) -> again.batch().release());
	}

	@Test
	void clientThatThereIsNoMemoryToTellMustBeSentAwaySoThatItComesAgain() {
		this.sessions.accept(this.connection);
		this.connection.executor((task) -> {
			throw new OutOfMemoryError("on purpose");
		});
		ByteBuf batch = Unpooled.buffer().writeZero(10);
		assertThatExceptionOfType(OutOfMemoryError.class).isThrownBy(() -> this.registry.tell(delivery(batch)));
		assertThat(batch.refCnt()).isZero();
		assertThat(this.connection.closedWith()).isEqualTo(ErrorCode.INTERNAL);
	}

	@Test
	void deliveryToAClosedTransportMustBeReleased() {
		this.sessions.accept(this.connection);
		this.connection.executor((task) -> {
			throw new RejectedExecutionException("on purpose");
		});
		ByteBuf batch = Unpooled.buffer().writeZero(10);
		this.registry.tell(delivery(batch));
		assertThat(batch.refCnt()).isZero();
		assertThat(this.sessions.flush().toCompletableFuture()).isCompleted();
		assertThat(this.sessions.drain().toCompletableFuture()).isCompleted();
	}

	private static Effect.Deliver delivery(ByteBuf batch) {
		return new Effect.Deliver(new Topic("t"), new Peer(1, 1),
				new Entry(new Position(0, 0),
						new EntryHeader("p", 0, MessageIndexes.even(1, 10), 0, BatchEncoding.plain(batch)), batch),
				0, 1, 0, 10, new BitSet(), false);
	}

	private static Frame.Publish compressed() {
		ByteBuf batch = ByteBufAllocator.DEFAULT.directBuffer();
		MessageBatch.write(batch,
				new MessageRecord("key", null, Headers.empty(), Unpooled.wrappedBuffer(new byte[500])));
		EncodedBatch encoded = BatchCompression.compress(ByteBufAllocator.DEFAULT, Compression.ZSTD, batch);
		return new Frame.Publish(1, 0, 1, encoded.encoding(), encoded.bytes());
	}

}
