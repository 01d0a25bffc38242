package io.weir.benchmarks.pool;

import java.util.List;

/**
 * The pools by name. A name that ends in {@code -unchecked} has every test that the pool
 * can leave out switched off; otherwise the pool tests as it is shipped to test.
 */
final class Subjects {

	static final List<String> BLOCKING = List.of("weir", "weir-unchecked", "weir-strict", "weir-escaping",
			"commons-pool2", "commons-pool2-unchecked", "stormpot", "stormpot-unchecked", "reactor-block",
			"hikari-bag-unchecked", "deque-unchecked");

	static final List<String> ASYNCHRONOUS = List.of("weir-async", "reactor-inline");

	private Subjects() {
	}

	static Subject create(String name, int size) throws Exception {
		boolean checked = !name.endsWith("-unchecked");
		return switch (name) {
			case "weir", "weir-unchecked" -> new WeirSubject(size, false, checked);
			case "weir-strict" -> new WeirSubject(size, true, checked);
			case "weir-escaping" -> new WeirEscapingSubject(size);
			case "weir-async" -> new WeirAsyncSubject(size);
			case "commons-pool2", "commons-pool2-unchecked" -> new CommonsPoolSubject(size, checked);
			case "stormpot", "stormpot-unchecked" -> new StormpotSubject(size, checked);
			case "reactor-block" -> new ReactorSubject(size, true);
			case "reactor-inline" -> new ReactorSubject(size, false);
			case "hikari-bag-unchecked" -> new HikariBagSubject(size);
			case "deque-unchecked" -> new DequeSubject(size);
			default -> throw new IllegalArgumentException(
					"Unknown pool '" + name + "', must be one of " + BLOCKING + " or " + ASYNCHRONOUS);
		};
	}

}
