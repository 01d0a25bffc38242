package io.weir.broker.engine.context;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Collections that take memory only while something is in them: each topic and each
 * subscription has many of which most are empty most of the time. What is empty is one
 * for all, which nobody changes; so whoever adds or removes something goes on with the
 * collection that is returned.
 */
public final class Sparse {

	private Sparse() {
	}

	/**
	 * Adds to the end of a list.
	 * @return the list, or one of its own if it was empty
	 */
	public static <E> List<E> with(List<E> list, E element) {
		List<E> own = list.isEmpty() ? new ArrayList<>(1) : list;
		own.add(element);
		return own;
	}

	/**
	 * Removes the first of a list in which something is.
	 * @return the list, or the one of all if nothing is left
	 */
	public static <E> List<E> withoutFirst(List<E> list) {
		list.remove(0);
		return list.isEmpty() ? List.of() : list;
	}

	/**
	 * Adds to a map.
	 * @return the map, or one of its own if it was empty
	 */
	public static <K extends Comparable<K>, V> NavigableMap<K, V> with(NavigableMap<K, V> map, K key, V value) {
		NavigableMap<K, V> own = map.isEmpty() ? new TreeMap<>() : map;
		own.put(key, value);
		return own;
	}

	/**
	 * Removes from a map.
	 * @return the map, or the one of all if nothing is left
	 */
	public static <K extends Comparable<K>, V> NavigableMap<K, V> without(NavigableMap<K, V> map, K key) {
		if (!map.isEmpty()) {
			map.remove(key);
		}
		return left(map);
	}

	/**
	 * What is left of a map from which somebody else has removed something.
	 * @return the map, or the one of all if nothing is
	 */
	public static <K extends Comparable<K>, V> NavigableMap<K, V> left(NavigableMap<K, V> map) {
		return map.isEmpty() ? Collections.emptyNavigableMap() : map;
	}

	/**
	 * Adds one to a set.
	 * @return the set, or one of its own if it was empty
	 */
	public static <E extends Comparable<E>> NavigableSet<E> with(NavigableSet<E> set, E element) {
		NavigableSet<E> own = set.isEmpty() ? new TreeSet<>() : set;
		own.add(element);
		return own;
	}

	/**
	 * Adds to a set.
	 * @return the set, or one of its own if it was empty
	 */
	public static <E extends Comparable<E>> NavigableSet<E> withAll(NavigableSet<E> set,
			Iterable<? extends E> elements) {
		NavigableSet<E> own = set.isEmpty() ? new TreeSet<>() : set;
		elements.forEach(own::add);
		return own.isEmpty() ? Collections.emptyNavigableSet() : own;
	}

	/**
	 * Removes one from a set.
	 * @return the set, or the one of all if nothing is left
	 */
	public static <E extends Comparable<E>> NavigableSet<E> without(NavigableSet<E> set, E element) {
		if (!set.isEmpty()) {
			set.remove(element);
		}
		return set.isEmpty() ? Collections.emptyNavigableSet() : set;
	}

	/**
	 * Removes from a set.
	 * @return the set, or the one of all if nothing is left
	 */
	public static <E extends Comparable<E>> NavigableSet<E> withoutAll(NavigableSet<E> set,
			Iterable<? extends E> elements) {
		if (!set.isEmpty()) {
			elements.forEach(set::remove);
		}
		return set.isEmpty() ? Collections.emptyNavigableSet() : set;
	}

}
