package io.weir.transport.quic;

import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.quic.Quic;
import io.netty.handler.codec.quic.QuicTokenHandler;

/**
 * Validates the address of a new client by a Retry packet (RFC 9000 §8.1.2), so that
 * nobody can make the server send, or remember, anything for an address that is not his.
 * <p>
 * A token is
 * {@code time (8 bytes, ms) | HMAC-SHA256 over all the rest and the address (32
 * bytes) | original destination connection id}. The key lives as long as the server.
 */
final class AddressTokens implements QuicTokenHandler {

	private static final String ALGORITHM = "HmacSHA256";

	private static final int TIME_BYTES = Long.BYTES;

	private static final int MAC_BYTES = 32;

	private static final int HEADER_BYTES = TIME_BYTES + MAC_BYTES;

	private static final int INVALID = -1;

	/** Long enough for a slow handshake, too short to be worth collecting. */
	private static final long LIFETIME_MILLIS = Duration.ofSeconds(30).toMillis();

	private final SecretKeySpec key;

	private final LongSupplier clockMillis;

	private final BooleanSupplier mayOpen;

	/**
	 * Creates the tokens.
	 * @param mayOpen whether a connection may be opened whose token is good
	 */
	AddressTokens(LongSupplier clockMillis, BooleanSupplier mayOpen) {
		this.mayOpen = mayOpen;
		byte[] secret = new byte[MAC_BYTES];
		new SecureRandom().nextBytes(secret);
		this.key = new SecretKeySpec(secret, ALGORITHM);
		this.clockMillis = clockMillis;
	}

	@Override
	public boolean writeToken(ByteBuf out, ByteBuf dcid, InetSocketAddress address) {
		long now = this.clockMillis.getAsLong();
		byte[] connectionId = ByteBufUtil.getBytes(dcid);
		out.writeLong(now).writeBytes(mac(now, address, connectionId)).writeBytes(connectionId);
		return true;
	}

	@Override
	public int validateToken(ByteBuf token, InetSocketAddress address) {
		if (token.readableBytes() <= HEADER_BYTES || token.readableBytes() > maxTokenLength()) {
			return INVALID;
		}
		int start = token.readerIndex();
		long issued = token.getLong(start);
		long age = this.clockMillis.getAsLong() - issued;
		if (age < 0 || age > LIFETIME_MILLIS) {
			return INVALID;
		}
		byte[] presented = ByteBufUtil.getBytes(token, start + TIME_BYTES, MAC_BYTES);
		byte[] connectionId = ByteBufUtil.getBytes(token, start + HEADER_BYTES, token.readableBytes() - HEADER_BYTES);
		boolean genuine = MessageDigest.isEqual(presented, mac(issued, address, connectionId));
		// Only now: until here nothing is kept, nor is anything after it if not allowed.
		return (genuine && this.mayOpen.getAsBoolean()) ? HEADER_BYTES : INVALID;
	}

	@Override
	public int maxTokenLength() {
		return HEADER_BYTES + Quic.MAX_CONN_ID_LEN;
	}

	private byte[] mac(long time, InetSocketAddress address, byte[] connectionId) {
		try {
			Mac mac = Mac.getInstance(ALGORITHM);
			mac.init(this.key);
			for (int shift = Long.SIZE - Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
				mac.update((byte) (time >>> shift));
			}
			byte[] host = address.getAddress().getAddress();
			mac.update((byte) host.length);
			mac.update(host);
			mac.update((byte) (address.getPort() >>> Byte.SIZE));
			mac.update((byte) address.getPort());
			return mac.doFinal(connectionId);
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException("Every JVM has " + ALGORITHM, ex);
		}
	}

}
