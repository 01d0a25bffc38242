package io.weir.transport.quic;

import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicLong;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class AddressTokensTest {

	private static final InetSocketAddress CLIENT = new InetSocketAddress("192.0.2.1", 4711);

	private static final byte[] CONNECTION_ID = { 1, 2, 3, 4, 5, 6, 7, 8 };

	private final AtomicLong clock = new AtomicLong(1_000_000);

	private final AddressTokens tokens = new AddressTokens(this.clock::get, () -> true);

	@Test
	void aTokenMustLeadBackToTheConnectionId() {
		ByteBuf token = issue();
		int offset = this.tokens.validateToken(token, CLIENT);
		assertThat(token.slice(offset, token.readableBytes() - offset))
			.isEqualTo(Unpooled.wrappedBuffer(CONNECTION_ID));
		assertThat(token.readableBytes()).isLessThanOrEqualTo(this.tokens.maxTokenLength());
	}

	@Test
	void aTokenMustCountForItsAddressAndPortOnly() {
		assertThat(this.tokens.validateToken(issue(), new InetSocketAddress("192.0.2.2", 4711))).isNegative();
		assertThat(this.tokens.validateToken(issue(), new InetSocketAddress("192.0.2.1", 4712))).isNegative();
	}

	@Test
	void aTokenMustExpire() {
		ByteBuf token = issue();
		this.clock.addAndGet(30_000);
		assertThat(this.tokens.validateToken(token, CLIENT)).isPositive();
		this.clock.addAndGet(1);
		assertThat(this.tokens.validateToken(token, CLIENT)).isNegative();
	}

	@Test
	void aTokenOfTheFutureOrOfAnotherServerMustBeRefused() {
		assertThat(new AddressTokens(this.clock::get, () -> true).validateToken(issue(), CLIENT)).isNegative();
		ByteBuf token = issue();
		this.clock.addAndGet(-1);
		assertThat(this.tokens.validateToken(token, CLIENT)).isNegative();
	}

	@Test
	void anyChangedByteMustBeNoticed() {
		int length = issue().readableBytes();
		for (int i = 0; i < length; i++) {
			ByteBuf token = issue();
			token.setByte(i, token.getByte(i) ^ 1);
			assertThat(this.tokens.validateToken(token, CLIENT)).as("byte %s", i).isNegative();
		}
	}

	@Test
	void aTokenCutShortMustBeRefused() {
		int length = issue().readableBytes();
		for (int i = 0; i < length; i++) {
			assertThat(this.tokens.validateToken(issue().slice(0, i), CLIENT)).as("length %s", i).isNegative();
		}
	}

	private ByteBuf issue() {
		ByteBuf token = Unpooled.buffer();
		assertThat(this.tokens.writeToken(token, Unpooled.wrappedBuffer(CONNECTION_ID), CLIENT)).isTrue();
		return token;
	}

}
