package io.weir.transport.memory;

import java.net.InetSocketAddress;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.local.LocalIoHandler;

import io.weir.transport.Connection;
import io.weir.transport.ConnectionAcceptor;
import io.weir.transport.StreamAcceptor;
import io.weir.transport.Transport;
import io.weir.transport.TransportOptions;
import io.weir.transport.TransportServer;
import io.weir.transport.stream.ErrorReports;
import io.weir.transport.stream.EventLoopThreads;
import io.weir.transport.stream.RoomMaker;
import io.weir.transport.tls.ClientTls;
import io.weir.transport.tls.ServerTls;
import io.weir.wire.Budgets;
import io.weir.wire.ErrorCode;
import io.weir.wire.ProtocolException;

/** Makes and accepts connections within one JVM. */
final class MemoryTransport implements Transport {

	private static final int SHUTDOWN_SECONDS = 5;

	private final MemoryNetwork network;

	private final TransportOptions options;

	private final EventLoopGroup eventLoops;

	private final Set<MemoryConnection> connections = ConcurrentHashMap.newKeySet();

	private final Set<MemoryServer> servers = ConcurrentHashMap.newKeySet();

	MemoryTransport(MemoryNetwork network, TransportOptions options, String threadName) {
		this.network = network;
		this.options = options;
		this.eventLoops = new MultiThreadIoEventLoopGroup(options.threads(), new EventLoopThreads(threadName),
				LocalIoHandler.newFactory());
	}

	MemoryNetwork network() {
		return this.network;
	}

	TransportOptions options() {
		return this.options;
	}

	void opened(MemoryConnection connection) {
		this.connections.add(connection);
		connection.closed().thenRun(() -> this.connections.remove(connection));
	}

	@Override
	public CompletionStage<Connection> connect(InetSocketAddress address, ClientTls tls, StreamAcceptor acceptor) {
		CompletableFuture<Connection> result = new CompletableFuture<>();
		MemoryServer server = this.network.find(address);
		if (address.isUnresolved()) {
			result.completeExceptionally(new ProtocolException(ErrorCode.UNREACHABLE,
					"The host name '" + address.getHostString() + "' cannot be resolved"));
		}
		else if (server == null) {
			result.completeExceptionally(new ProtocolException(ErrorCode.UNREACHABLE, "No answer from " + address));
		}
		else {
			server.gate().pass(() -> execute(server.eventLoop(), result, () -> {
				server.checkTrust(tls);
				connect(server, acceptor, result);
			}));
		}
		return result;
	}

	private void connect(MemoryServer server, StreamAcceptor acceptor, CompletableFuture<Connection> result) {
		InetSocketAddress from = this.network.clientAddress();
		EventLoop eventLoop = this.eventLoops.next();
		MemoryConnection remote = server.newConnection(from);
		MemoryConnection local = new MemoryConnection(eventLoop, server.address(), this.options, Budgets.unlimited(),
				RoomMaker.NONE, ErrorReports.NONE);
		local.streams().onStream(acceptor);
		MemoryConnection.join(local, this.options, remote, server.options(), server.gate());
		opened(local);
		server.open(remote, from);
		execute(eventLoop, result, () -> {
			ProtocolException refused = local.reason();
			if (refused != null) {
				result.completeExceptionally(refused);
			}
			else if (!result.complete(local)) {
				local.close(ErrorCode.NONE, "nobody waits for the connection any more");
			}
		});
	}

	private static void execute(EventLoop eventLoop, CompletableFuture<?> result, Runnable task) {
		try {
			eventLoop.execute(() -> {
				try {
					task.run();
				}
				catch (ProtocolException ex) {
					result.completeExceptionally(ex);
				}
			});
		}
		catch (RejectedExecutionException ex) {
			result.completeExceptionally(new ProtocolException(ErrorCode.UNREACHABLE, "A transport is closed", ex));
		}
	}

	@Override
	public CompletionStage<TransportServer> bind(InetSocketAddress address, ServerTls tls, ConnectionAcceptor acceptor,
			Budgets budgets) {
		int port = (address.getPort() != 0) ? address.getPort() : this.network.freePort();
		MemoryServer server = new MemoryServer(this, new InetSocketAddress(address.getAddress(), port),
				this.eventLoops.next(), tls, acceptor, budgets);
		if (!this.network.add(server)) {
			return CompletableFuture.failedFuture(new ProtocolException(ErrorCode.INVALID_CONFIGURATION,
					"Cannot listen on " + address + " (memory): Address already in use"));
		}
		this.servers.add(server);
		return CompletableFuture.completedFuture(server);
	}

	@Override
	public void close() {
		this.servers.forEach(this.network::remove);
		CompletableFuture<?>[] closing = this.connections.stream()
			.map((connection) -> connection.close(ErrorCode.CONNECTION_LOST, "The connection was lost"))
			.map(CompletionStage::toCompletableFuture)
			.toArray(CompletableFuture[]::new);
		CompletableFuture.allOf(closing)
			.orTimeout(SHUTDOWN_SECONDS, TimeUnit.SECONDS)
			.handle((done, late) -> late)
			.join();
		this.eventLoops.shutdownGracefully(0, SHUTDOWN_SECONDS, TimeUnit.SECONDS).awaitUninterruptibly();
	}

}
