package io.weir.client.internal.consumer;

import java.time.Duration;
import java.util.BitSet;
import java.util.concurrent.CompletableFuture;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.weir.client.internal.fakes.FakeBroker.Received;
import io.weir.fixtures.memory.ShortMemory;
import io.weir.message.Compression;
import io.weir.message.Headers;
import io.weir.wire.Frame;
import io.weir.wire.MessageRecord;
import io.weir.wire.Position;
import io.weir.wire.codec.BatchCompression.EncodedBatch;
import io.weir.wire.codec.BatchCompression;
import io.weir.wire.codec.MessageBatch;

import static io.weir.client.internal.consumer.ConsumerFixture.takeAll;
import static io.weir.client.internal.consumer.ConsumerFixture.values;
import static org.assertj.core.api.Assertions.assertThat;

/** What fails for want of memory ends the subscription's stream, and comes again. */
class ConsumerShortMemoryTest {

	private final ConsumerFixture fixture = new ConsumerFixture();

	@AfterEach
	void stop() {
		ShortMemory.stopFailing();
	}

	@Test
	void deliveryThatThereIsNoMemoryToReadIsReleasedAndAskedForAgain() {
		ConsumerCore<String> consumer = this.fixture.open();
		this.fixture.deliver(0, "a");
		Received subscription = this.fixture.world.broker().last(Frame.Subscribe.class);
		Frame.Deliver delivery = compressed(subscription, 1, "b");
		ShortMemory.failAt(0);
		subscription.stream().say(0, delivery);
		assertThat(delivery.batch().refCnt()).isZero();
		assertThat(this.fixture.world.broker().frames(Frame.Subscribe.class)).hasSize(1);
		comeAgain();
		assertThat(this.fixture.world.broker().frames(Frame.Subscribe.class)).hasSize(2);
		assertThat(this.fixture.granted()).as("permits as in the beginning").isPositive();
		this.fixture.deliver(0, "a");
		this.fixture.deliver(1, "b");
		assertThat(values(takeAll(consumer))).containsExactly("a", "b");
		assertThat(this.fixture.world.pool().owed()).as("streams that the consumer has").isEqualTo(1);
	}

	@ParameterizedTest
	@ValueSource(classes = { Frame.Subscribe.class, Frame.Flow.class, Frame.Acknowledge.class })
	void consumerGoesOnWhicheverFrameCannotBeWritten(Class<? extends Frame> type) {
		this.fixture.world.broker().failWrite(type);
		ConsumerCore<String> consumer = this.fixture.open();
		comeAgain();
		assertThat(this.fixture.subscribed).isCompleted();
		this.fixture.deliver(0, "a");
		assertThat(values(takeAll(consumer))).containsExactly("a");
		CompletableFuture<Void> acknowledged = new CompletableFuture<>();
		consumer.messages().acknowledge(ConsumerFixture.id(0, 0), acknowledged);
		comeAgain();
		assertThat(acknowledged).isCompleted();
		assertThat(this.fixture.world.pool().owed()).as("streams that the consumer has").isEqualTo(1);
	}

	/** Refused acknowledgements are sent again after a second. */
	private void comeAgain() {
		this.fixture.world.timer().advance(Duration.ofSeconds(2));
	}

	private static Frame.Deliver compressed(Received subscription, long entry, String value) {
		ByteBuf batch = ByteBufAllocator.DEFAULT.directBuffer();
		MessageBatch.write(batch, new MessageRecord("key", null, Headers.empty(),
				Unpooled.wrappedBuffer(value.repeat(500).getBytes(java.nio.charset.StandardCharsets.UTF_8))));
		EncodedBatch encoded = BatchCompression.compress(ByteBufAllocator.DEFAULT, Compression.ZSTD, batch);
		return new Frame.Deliver(((Frame.Subscribe) subscription.frame()).consumerId(), new Position(0, entry), 0,
				1_000, "producer", 100 * entry, 0, 1, new BitSet(), encoded.encoding(), encoded.bytes());
	}

}
