package io.weir.transport;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;

/** Which addresses count as one client, where it is bounded what one client may take. */
public final class ClientNetwork {

	/** Of an IPv6 address, what one customer of a provider is given. */
	private static final int NETWORK_BYTES = 8;

	private ClientNetwork() {
	}

	/**
	 * The network of an address: an IPv4 address, or the /64 of an IPv6 address.
	 * @param address the address
	 * @return is equal for addresses of one network
	 */
	public static Object of(SocketAddress address) {
		if (!(address instanceof InetSocketAddress inet) || inet.getAddress() == null) {
			return address;
		}
		byte[] bytes = inet.getAddress().getAddress();
		return ByteBuffer.wrap(bytes, 0, Math.min(bytes.length, NETWORK_BYTES)).slice();
	}

}
