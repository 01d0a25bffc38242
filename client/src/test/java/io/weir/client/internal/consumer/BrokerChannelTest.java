package io.weir.client.internal.consumer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.weir.client.internal.fakes.FakeWorld;
import io.weir.client.internal.link.Attachment;
import io.weir.client.internal.link.BrokerLink;
import io.weir.client.internal.link.Role;
import io.weir.client.internal.schedule.SerialExecutor;
import io.weir.wire.Frame;
import io.weir.wire.ProtocolException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** Whatever fails on the channel, the consumer subscribes again, and says it again. */
class BrokerChannelTest implements Role {

	private static final OutOfMemoryError ERROR = new OutOfMemoryError("on purpose");

	private final FakeWorld world = new FakeWorld();

	private final SerialExecutor executor = new SerialExecutor(this.world.timer());

	private final BrokerLink link = new BrokerLink(this, this.world.manager(), this.world.timer(), this.executor,
			this.world.backoff(), false);

	private final BrokerChannel channel = new BrokerChannel(this.link, this.executor);

	private final List<String> told = new ArrayList<>();

	@BeforeEach
	void subscribe() {
		this.world.manager().start();
		this.link.open();
		assertThat(this.told).containsExactly("attached");
	}

	@Test
	void requestThatCannotBeMadeHasTheConsumerSubscribeAgain() {
		assertThatExceptionOfType(OutOfMemoryError.class).isThrownBy(() -> this.channel.request((id) -> {
			throw ERROR;
		}, (answer) -> this.told.add("agreed"), (cause) -> this.told.add("refused")));
		assertSubscribedAgain();
	}

	@Test
	void whatCannotBeSaidHasTheConsumerSubscribeAgain() {
		assertThatExceptionOfType(OutOfMemoryError.class).isThrownBy(() -> this.channel.send((id) -> {
			throw ERROR;
		}));
		assertSubscribedAgain();
	}

	@Test
	void answerThatCannotBeHandledHasTheConsumerSubscribeAgain() {
		this.channel.request(Frame.Unsubscribe::new, (answer) -> {
			throw ERROR;
		}, (cause) -> this.told.add("refused"));
		assertSubscribedAgain();
	}

	private void assertSubscribedAgain() {
		assertThat(this.told).containsExactly("attached", "detached");
		this.world.timer().advance(Duration.ofSeconds(1));
		assertThat(this.told).containsExactly("attached", "detached", "attached");
		assertThat(this.world.pool().owed()).as("streams that the consumer has").isEqualTo(1);
	}

	@Override
	public Frame introduction(long id) {
		return new Frame.Unsubscribe(id);
	}

	@Override
	public Frame farewell(long id) {
		return new Frame.CloseConsumer(id);
	}

	@Override
	public void attached(Attachment attachment, Frame answer) {
		answer.release();
		this.channel.attached(attachment);
		this.told.add("attached");
	}

	@Override
	public void detached(ProtocolException cause) {
		this.channel.detached();
		this.told.add("detached");
	}

	@Override
	public boolean retryAfter(ProtocolException cause) {
		return true;
	}

	@Override
	public @Nullable ProtocolException pushed(Frame frame) {
		frame.release();
		return null;
	}

}
