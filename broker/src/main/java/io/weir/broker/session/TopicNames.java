package io.weir.broker.session;

import java.util.List;

/** Which topics there are. */
@FunctionalInterface
public interface TopicNames {

	/**
	 * Some of the names, in order; costs no more than so many.
	 * @param prefix how they begin
	 * @param after the name after which to begin
	 * @param limit how many at most
	 * @return the names of topics, and of their partitions
	 */
	List<String> find(String prefix, String after, int limit);

}
