/**
 * What is made of results: lines of JSON, tables in Markdown, and plots. Nothing here measures, and
 * nothing here knows a figure that is not in a file.
 */
@NullMarked
package raftkv.bench.report;

import org.jspecify.annotations.NullMarked;
