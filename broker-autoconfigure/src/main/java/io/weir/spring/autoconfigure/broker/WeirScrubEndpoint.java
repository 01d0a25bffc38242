package io.weir.spring.autoconfigure.broker;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;

import io.weir.broker.Broker;
import io.weir.broker.store.ScrubReport;

/**
 * Has what is stored compared with its checksums, in the background, and shows what came
 * of it. What is damaged is among what {@link WeirDamageEndpoint} shows.
 */
@Endpoint(id = "weirscrub")
public final class WeirScrubEndpoint {

	/** Of those that are done, the latest are shown. */
	private static final int MAX = 100;

	private static final String ALL = "";

	private final Broker broker;

	/** By topic; the oldest first. */
	private final Map<String, CompletableFuture<ScrubReport>> scrubs = new LinkedHashMap<>();

	WeirScrubEndpoint(Broker broker) {
		this.broker = broker;
	}

	/**
	 * What is being verified, and what was.
	 * @return the oldest first
	 */
	@ReadOperation
	public synchronized Scrubs scrubs() {
		List<Scrub> all = new ArrayList<>();
		this.scrubs.forEach((topic, report) -> all.add(Scrub.of(topic, report)));
		return new Scrubs(all);
	}

	/**
	 * Begins to verify, unless that is under way.
	 * @param topic the topic, or one of its partitions; all topics if it is not given
	 * @return how it is
	 */
	@WriteOperation
	public synchronized Scrub scrub(@Nullable String topic) {
		String name = (topic != null) ? topic : ALL;
		CompletableFuture<ScrubReport> known = this.scrubs.get(name);
		if (known == null || known.isDone()) {
			known = begin(name);
			this.scrubs.remove(name);
			this.scrubs.put(name, known);
			if (this.scrubs.size() > MAX) {
				this.scrubs.entrySet()
					.stream()
					.filter((scrub) -> scrub.getValue().isDone())
					.map(Map.Entry::getKey)
					.findFirst()
					.ifPresent(this.scrubs::remove);
			}
		}
		return Scrub.of(name, known);
	}

	private CompletableFuture<ScrubReport> begin(String name) {
		return EndpointRequest.carryOut(() -> name.equals(ALL) ? this.broker.scrub() : this.broker.scrub(name));
	}

	/**
	 * What is being verified, and what was.
	 *
	 * @param scrubs the oldest first
	 */
	public record Scrubs(List<Scrub> scrubs) {
	}

	/**
	 * A topic that is verified, or was.
	 *
	 * @param topic the topic, or {@code null} if it is all
	 * @param state running, intact, damaged, or failed if it could not be read
	 * @param entries how many entries were as they were written, once it is done
	 * @param bytes bytes of their batches
	 * @param damages how many damages were found
	 * @param failure why it failed, if so
	 */
	public record Scrub(@Nullable String topic, String state, long entries, long bytes, int damages,
			@Nullable String failure) {

		static Scrub of(String name, CompletableFuture<ScrubReport> report) {
			String topic = name.equals(ALL) ? null : name;
			if (!report.isDone()) {
				return new Scrub(topic, "running", 0, 0, 0, null);
			}
			return report.handle((found, failure) -> {
				if (failure != null) {
					Throwable cause = (failure.getCause() != null) ? failure.getCause() : failure;
					return new Scrub(topic, "failed", 0, 0, 0, cause.getMessage());
				}
				return new Scrub(topic, found.isIntact() ? "intact" : "damaged", found.entries(), found.bytes(),
						found.damages().size(), null);
			}).join();
		}

	}

}
