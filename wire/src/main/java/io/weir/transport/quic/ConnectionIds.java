package io.weir.transport.quic;

import java.nio.ByteBuffer;
import java.security.SecureRandom;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.quic.Quic;
import io.netty.handler.codec.quic.QuicConnectionAddress;
import io.netty.handler.codec.quic.QuicConnectionIdGenerator;

/**
 * The ids of a server's connections: random, but for a mark that the server chose when it
 * started, by which it knows at a glance what was addressed to its predecessor.
 */
final class ConnectionIds implements QuicConnectionIdGenerator {

	static final int LENGTH = Quic.MAX_CONN_ID_LEN;

	/** Netty keeps the id of a connection to itself, but for the text of its address. */
	private static final String HEX_BEGINS_BEHIND = "connId=";

	private final SecureRandom random = new SecureRandom();

	private final int mark = this.random.nextInt();

	@Override
	public ByteBuffer newId(int length) {
		byte[] id = new byte[length];
		this.random.nextBytes(id);
		return ByteBuffer.wrap(id).putInt(0, this.mark);
	}

	@Override
	public ByteBuffer newId(ByteBuffer input, int length) {
		return newId(length);
	}

	@Override
	public int maxConnectionIdLength() {
		return LENGTH;
	}

	@Override
	public boolean isIdempotent() {
		return false;
	}

	/** Whether an id was given by this server, to a connection that may have ended. */
	boolean isOurs(ByteBuf datagram, int at) {
		return datagram.getInt(at) == this.mark;
	}

	/** The id that the peer uses. */
	static byte[] bytes(QuicConnectionAddress address) {
		String text = address.toString();
		int begin = text.indexOf(HEX_BEGINS_BEHIND) + HEX_BEGINS_BEHIND.length();
		return ByteBufUtil.decodeHexDump(text, begin, 2 * LENGTH);
	}

}
