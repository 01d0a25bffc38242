package io.weir.client.internal.producer;

import java.util.Collections;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.weir.message.Compression;
import io.weir.wire.MessageRecord;
import io.weir.wire.codec.MessageBatch;

import static org.assertj.core.api.Assertions.assertThat;

/** Which sequence ids batches have. */
class SendWindowTest {

	private final SendWindow window = new SendWindow(Compression.NONE);

	@AfterEach
	void settle() {
		this.window.forEachOpen(OutgoingBatch::settle);
	}

	@Test
	void sequenceBeginsAfterWhatTheBrokerHasSeen() {
		this.window.beginAfter(41);
		assertThat(add(2)).isEqualTo(42);
		assertThat(add(1)).isEqualTo(44);
	}

	@Test
	void sequenceDoesNotBeginAnewWhileMoreIsOnItsWayThanTheBrokerHasSeen() {
		this.window.beginAfter(-1);
		add(2);
		this.window.beginAfter(-1);
		assertThat(add(1)).as("after a reconnect").isEqualTo(2);
		this.window.beginAfter(0);
		assertThat(add(1)).as("after another").isEqualTo(3);
	}

	/** The first sequence id of a batch of so many messages. */
	private long add(int messages) {
		MessageRecord record = ProducerFixture.record(null, "a");
		OutgoingMessage message = new OutgoingMessage(record, MessageBatch.sizeOf(record), 0, null, false);
		return this.window.add(Collections.nCopies(messages, message), null).firstSequence();
	}

}
