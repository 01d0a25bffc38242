package io.weir.client.internal.consumer;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

import org.junit.jupiter.api.Test;

import io.weir.message.Headers;
import io.weir.message.Schema;

import static org.assertj.core.api.Assertions.assertThat;

/** What was taken and nobody got, as when a thread is interrupted that waits for more. */
class InboxTest {

	private final Inboxes<String> inboxes = new Inboxes<>(new ConsumerFixture().settings("topic"));

	private final Inbox<String> inbox = new Inbox<>(new ConsumerFixture().settings("topic"), () -> 0, this.inboxes);

	private int granting;

	@Test
	void messageThatHasComeAgainBeforeItIsPutBackIsGivenOnce() throws InterruptedException {
		deliver(0);
		Inboxes.Taken<String> taken = take();
		deliver(1);
		taken.putBack();
		assertThat(take().message().redeliveryCount()).as("as it came last").isOne();
		assertThat(this.inboxes.take(0)).isNull();
	}

	@Test
	void whoWaitsForAMessageThatIsPutBackLeavesItsPlaceFree() throws InterruptedException {
		deliver(0);
		Inboxes.Taken<String> taken = take();
		assertThat(this.inboxes.takeAsync()).isNotDone();
		this.inbox.onPlaceFree(() -> this.granting++);
		taken.putBack();
		assertThat(this.granting).isOne();
	}

	private Inboxes.Taken<String> take() throws InterruptedException {
		return Objects.requireNonNull(this.inboxes.take(Duration.ZERO.toNanos()));
	}

	private void deliver(int redeliveryCount) {
		this.inbox.deliver(List.of(new ReceivedMessage<>(ConsumerFixture.id(0, 0),
				new ReceivedMessage.Origin<>("topic", Schema.string(), 0, "producer", redeliveryCount), 0, null, null,
				Headers.empty(), new byte[0], 1)));
	}

}
