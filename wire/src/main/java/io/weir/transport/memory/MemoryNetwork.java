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

	private static final MemoryNetwork OF_THIS_JVM = new MemoryNetwork();

	private final Map<Integer, MemoryServer> servers = new ConcurrentHashMap<>();

	private final AtomicInteger lastPort = new AtomicInteger();

	/**
	 * The network in which all brokers and clients of this JVM are that use none.
	 * @return the one network of this JVM
	 */
	public static MemoryNetwork ofThisJvm() {
		return OF_THIS_JVM;
	}

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

	/**
	 * Ends all connections to a server as if the network had lost them; clients may
	 * connect again at once.
	 * @param port the server's; nothing happens if there is none
	 */
	public void disconnect(int port) {
		MemoryServer server = this.servers.get(port);
		if (server != null) {
			server.disconnect();
		}
	}

	/**
	 * Has a server and its clients hear nothing of each other until {@link #unfreeze}, as
	 * if one of them or the network hung; nothing is lost. Harmless if it is so already.
	 * @param port the server's; nothing happens if there is none
	 */
	public void freeze(int port) {
		MemoryServer server = this.servers.get(port);
		if (server != null) {
			server.gate().close();
		}
	}

	/**
	 * Delivers what has waited since {@link #freeze}, and what comes. Harmless if nothing
	 * was frozen.
	 * @param port the server's; nothing happens if there is none
	 */
	public void unfreeze(int port) {
		MemoryServer server = this.servers.get(port);
		if (server != null) {
			server.gate().open();
		}
	}

	/**
	 * A port that no server has, and that is given to nobody else.
	 * @return the port
	 */
	public int freePort() {
		return this.lastPort.incrementAndGet();
	}

	InetSocketAddress clientAddress() {
		return new InetSocketAddress(InetAddress.getLoopbackAddress(), freePort());
	}

}
