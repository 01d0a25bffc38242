package io.weir.client.faults;

import java.util.Collections;
import java.util.Set;
import java.util.WeakHashMap;

/** What was tried before. Public, since product code with a fault calls it. */
public final class Tries {

	private static final Set<Object> tried = Collections
		.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

	private Tries() {
	}

	/** Whether this is the first time. */
	public static boolean first(Object batch) {
		return tried.add(batch);
	}

}
