package io.weir.transport.memory;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;

import io.weir.transport.Transport;
import io.weir.transport.TransportOptions;

/**
 * Where transports find each other: those of one network, and of no other. Safe to use
 * from any thread.
 */
public final class MemoryNetwork {

	private final Map<Integer, MemoryServer> servers = new ConcurrentHashMap<>();

	private final AtomicInteger lastPort = new AtomicInteger();

	/**
	 * Creates a transport.
	 * @param options how its connections behave
	 * @param threadName how the names of its threads begin
	 * @return the transport, which the caller must close
	 */
	public Transport transport(TransportOptions options, String threadName) {
		return new MemoryTransport(this, options, threadName);
	}

	/** Takes a server in; {@code false} if its port is in use. */
	boolean add(MemoryServer server) {
		return this.servers.putIfAbsent(server.address().getPort(), server) == null;
	}

	void remove(MemoryServer server) {
		this.servers.remove(server.address().getPort(), server);
	}

	@Nullable MemoryServer find(InetSocketAddress address) {
		return this.servers.get(address.getPort());
	}

	int freePort() {
		return this.lastPort.incrementAndGet();
	}

	InetSocketAddress clientAddress() {
		return new InetSocketAddress(InetAddress.getLoopbackAddress(), freePort());
	}

}
