/**
 * The board: how punctual each airport is, shown live in a browser.
 */
@NullMarked
package io.weir.sample.board;

import org.jspecify.annotations.NullMarked;
