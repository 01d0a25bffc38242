package io.weir.spring.autoconfigure.endpoint;

import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;

import io.weir.client.WeirClient;
import io.weir.pool.PoolStats;
import io.weir.spring.WeirClients;

/**
 * Actuator endpoint {@code weirpools}: the stream pools of all clients and their figures.
 */
@Endpoint(id = "weirpools", defaultAccess = Access.READ_ONLY)
public final class WeirPoolsEndpoint {

	private final WeirClients clients;

	WeirPoolsEndpoint(WeirClients clients) {
		this.clients = clients;
	}

	/**
	 * All pools.
	 * @return figures by the pool's name
	 */
	@ReadOperation
	public Map<String, PoolStats> pools() {
		Map<String, PoolStats> pools = new LinkedHashMap<>();
		this.clients.all().forEach((client) -> pools.putAll(client.pools()));
		return pools;
	}

	/**
	 * One pool.
	 * @param pool its name
	 * @return its figures, or {@code null} if there is no such pool
	 */
	@ReadOperation
	public @Nullable PoolStats pool(@Selector String pool) {
		return pools().get(pool);
	}

	/**
	 * Acts on a pool.
	 * @param pool its name
	 * @param action what to do
	 * @param minSize how many streams to keep, for {@link Action#RESIZE} only
	 * @param maxSize how many streams there may be, likewise
	 */
	@WriteOperation
	public void act(@Selector String pool, Action action, @Nullable Integer minSize, @Nullable Integer maxSize) {
		WeirClient client = this.clients.all()
			.stream()
			.filter((each) -> each.pools().containsKey(pool))
			.findFirst()
			.orElseThrow(() -> invalid("There is no pool '" + pool + "'; there are " + pools().keySet()));
		switch (action) {
			case EVICT -> client.evictIdleStreams(pool);
			case RESIZE -> resize(client, pool, minSize, maxSize);
		}
	}

	private static void resize(WeirClient client, String pool, @Nullable Integer minSize, @Nullable Integer maxSize) {
		if (minSize == null || maxSize == null) {
			throw invalid("The action 'resize' needs 'minSize' and 'maxSize'");
		}
		try {
			client.resizePool(pool, minSize, maxSize);
		}
		catch (IllegalArgumentException ex) {
			throw invalid(String.valueOf(ex.getMessage()));
		}
	}

	private static InvalidEndpointRequestException invalid(String reason) {
		return new InvalidEndpointRequestException(reason, reason);
	}

	/** What can be done to a pool. */
	public enum Action {

		/** Destroy the idle streams; those that the minimum asks for are opened anew. */
		EVICT,

		/** Change the minimum and the maximum, until the application ends. */
		RESIZE

	}

}
