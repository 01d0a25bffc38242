package io.weir.broker.engine.context;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class SparseTest {

	private static final NavigableMap<Integer, String> NO_MAP = Collections.emptyNavigableMap();

	private static final NavigableSet<Integer> NO_SET = Collections.emptyNavigableSet();

	@Test
	void mapsThatAreEmptyMustBeOneForAll() {
		NavigableMap<Integer, String> map = Sparse.with(Sparse.with(NO_MAP, 2, "two"), 1, "one");
		assertThat(map).containsExactly(Map.entry(1, "one"), Map.entry(2, "two"));
		assertThat(NO_MAP).isEmpty();
		assertThat(Sparse.without(map, 1)).isSameAs(map).containsOnlyKeys(2);
		assertThat(Sparse.without(map, 2)).isSameAs(NO_MAP);
		assertThat(Sparse.without(NO_MAP, 2)).isSameAs(NO_MAP);
		NavigableMap<Integer, String> other = Sparse.with(NO_MAP, 1, "one");
		assertThat(Sparse.left(other)).isSameAs(other);
		other.clear();
		assertThat(Sparse.left(other)).isSameAs(NO_MAP);
	}

	@Test
	void setsThatAreEmptyMustBeOneForAll() {
		NavigableSet<Integer> set = Sparse.with(Sparse.withAll(NO_SET, List.of(3, 2)), 1);
		assertThat(set).containsExactly(1, 2, 3);
		assertThat(NO_SET).isEmpty();
		assertThat(Sparse.withAll(NO_SET, List.of())).isSameAs(NO_SET);
		assertThat(Sparse.withoutAll(set, List.of(1, 3))).isSameAs(set).containsExactly(2);
		assertThat(Sparse.withoutAll(set, List.of(2))).isSameAs(NO_SET);
		assertThat(Sparse.withoutAll(NO_SET, List.of(2))).isSameAs(NO_SET);
		NavigableSet<Integer> two = Sparse.withAll(NO_SET, List.of(1, 2));
		assertThat(Sparse.without(two, 1)).isSameAs(two).containsExactly(2);
		assertThat(Sparse.without(two, 2)).isSameAs(NO_SET);
		assertThat(Sparse.without(NO_SET, 2)).isSameAs(NO_SET);
	}

}
