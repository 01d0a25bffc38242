package io.weir.client.internal.connection;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import io.weir.wire.ErrorCode;
import io.weir.wire.ProtocolException;

/**
 * Resolves the configured addresses anew for each attempt, beginning with another one
 * each time. Safe to use from any thread.
 */
public final class AddressRotation {

	private final List<BrokerAddress> addresses;

	private final HostResolver resolver;

	private final AtomicInteger rounds = new AtomicInteger();

	/**
	 * Creates the rotation.
	 * @param addresses the configured addresses
	 * @param resolver asked at each attempt
	 */
	public AddressRotation(List<BrokerAddress> addresses, HostResolver resolver) {
		this.addresses = List.copyOf(addresses);
		this.resolver = resolver;
	}

	/**
	 * What to try, in this order. Blocks while names are resolved.
	 * @return at least one address
	 * @throws ProtocolException {@code UNREACHABLE} if no name could be resolved
	 */
	public List<InetSocketAddress> next() {
		int first = Math.floorMod(this.rounds.getAndIncrement(), this.addresses.size());
		List<InetSocketAddress> candidates = new ArrayList<>();
		for (int i = 0; i < this.addresses.size(); i++) {
			BrokerAddress address = this.addresses.get((first + i) % this.addresses.size());
			try {
				for (InetAddress resolved : this.resolver.resolve(address.host())) {
					candidates.add(new InetSocketAddress(resolved, address.port()));
				}
			}
			catch (UnknownHostException ex) {
				// The others may be known; if none is, the failure below names them all.
			}
		}
		if (candidates.isEmpty()) {
			throw new ProtocolException(ErrorCode.UNREACHABLE, "Unknown host: "
					+ this.addresses.stream().map(BrokerAddress::host).distinct().collect(Collectors.joining(", "))
					+ "; check the service URL and this machine's name resolution");
		}
		return candidates;
	}

	/**
	 * As {@link #next()}, but without an address that is about to be left.
	 * @param left the address, or {@code null} for none
	 * @return at least one address
	 * @throws ProtocolException {@code UNREACHABLE} if there is no other
	 */
	List<InetSocketAddress> nextWithout(@Nullable SocketAddress left) {
		List<InetSocketAddress> candidates = next();
		candidates.removeIf((candidate) -> candidate.equals(left));
		if (candidates.isEmpty()) {
			throw new ProtocolException(ErrorCode.UNREACHABLE, "The service URL leads to no address but " + left);
		}
		return candidates;
	}

	/** Turns a host's name into addresses. */
	@FunctionalInterface
	public interface HostResolver {

		/** The JVM's resolver, which has a cache of its own. */
		HostResolver JVM = (host) -> List.of(InetAddress.getAllByName(host));

		/**
		 * Resolves a name. May block.
		 * @param host a name or a literal address
		 * @return the addresses, in the order in which to try them
		 * @throws UnknownHostException if there is none
		 */
		List<InetAddress> resolve(String host) throws UnknownHostException;

	}

}
