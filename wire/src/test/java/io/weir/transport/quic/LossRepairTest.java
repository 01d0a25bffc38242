package io.weir.transport.quic;

import java.util.concurrent.TimeUnit;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Ticker;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** When connections are asked to send; {@link BusyEventLoopTest} shows what for. */
class LossRepairTest {

	private final MockTicker time = Ticker.newMockTicker();

	private final Codec codec = new Codec();

	private final EmbeddedChannel socket = EmbeddedChannel.builder()
		.ticker(this.time)
		.handlers(new LossRepair(), this.codec)
		.build();

	@AfterEach
	void close() {
		this.socket.finishAndReleaseAll();
	}

	@Test
	void nothingMustBeAskedOfASocketThatCarriesNothing() {
		pass(10_000);
		assertThat(this.codec.asked).isZero();
	}

	@Test
	void connectionsMustBeAskedOnceSoonAfterThereWereDatagrams() {
		this.socket.writeInbound("first");
		this.socket.writeInbound("second");
		pass(24);
		assertThat(this.codec.asked).isZero();
		pass(1);
		assertThat(this.codec.asked).isOne();
		pass(10_000);
		assertThat(this.codec.asked).isOne();
	}

	@Test
	void connectionsMustBeAskedAfterTheyHaveSent() {
		this.socket.writeOutbound("datagram");
		pass(25);
		assertThat(this.codec.asked).isOne();
	}

	@Test
	void connectionsMustBeAskedAgainWhenThatMadeThemSend() {
		this.codec.answer = "what was lost";
		this.socket.writeInbound("datagram");
		pass(25);
		pass(25);
		assertThat(this.codec.asked).isEqualTo(2);
	}

	@Test
	void manyConnectionsMustBeAskedMoreSeldom() {
		this.codec.millis = 10;
		for (int i = 0; i < 50; i++) {
			this.socket.writeInbound("datagram");
			pass(25);
		}
		assertThat(this.codec.asked).isBetween(2, 4);
	}

	@Test
	void onePauseMustNotPutItOffForLong() {
		this.codec.millis = 1000;
		this.socket.writeInbound("datagram");
		pass(25);
		this.socket.writeInbound("datagram");
		pass(1000);
		assertThat(this.codec.asked).isEqualTo(2);
	}

	@Test
	void aClosedSocketMustBeLeftAlone() {
		this.socket.writeInbound("datagram");
		this.socket.close();
		pass(25);
		assertThat(this.codec.asked).isZero();
	}

	private void pass(int millis) {
		this.time.advance(millis, TimeUnit.MILLISECONDS);
		this.socket.runScheduledPendingTasks();
	}

	/** Stands for Netty's. */
	private final class Codec extends ChannelInboundHandlerAdapter {

		private int asked;

		/** How long it takes to ask everyone. */
		private int millis;

		private String answer;

		@Override
		public void channelWritabilityChanged(ChannelHandlerContext context) {
			this.asked++;
			LossRepairTest.this.time.advance(this.millis, TimeUnit.MILLISECONDS);
			if (this.answer != null) {
				context.writeAndFlush(this.answer);
			}
		}

	}

}
