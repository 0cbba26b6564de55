/// Findings of files that a model file names, before anyone asks what their columns mean.
let fileCodes: [FindingCode] = [
  .init(
    "bad-attribute", "An ARFF file declares its attributes before @data, a line each.",
    "Write @attribute, a name, and numeric, string, or classes in braces."),
  .init(
    "bad-index", "Sparse rows name the places of their values in ascending order, within the row.",
    "Mend the row, or say how many features there are and which index is the first.",
    "source: {libsvm: {path: spam.libsvm, features: 4}}",
    "source: {libsvm: {path: spam.libsvm, features: 57}}"),
  .init(
    "bad-json", "Every line of JSON Lines is one JSON object.",
    "Mend the line; JSON has no remarks, no NaN, and no comma behind the last value."),
  .init(
    "bad-query", "What a database is asked gives rows of named columns.",
    "Mend the query; the message is that of SQLite, or lists the tables.",
    "source: {sqlite: {path: shop.sqlite, query: SELECT agee FROM customers}}",
    "source: {sqlite: {path: shop.sqlite, query: SELECT age FROM customers}}"),
  .init(
    "bad-tensor-file", "Parameters that begin as another model's are read from a safetensors file.",
    "Name a checkpoint that training wrote, or another safetensors file.",
    "weight_init: {from_file: {file: flowers.csv, tensor: stem.weight}}",
    "weight_init: {from_file: {file: runs/flowers/1/best.safetensors, tensor: stem.weight}}"),
  .init(
    "bare-carriage-return", "Lines end in a line feed, with or without a carriage return before.",
    "Save the file with Unix or Windows line breaks."),
  .init(
    "binary-data", "A table is a text, and a text has no zero bytes.",
    "Export the table as CSV. The file may be a spreadsheet or an archive."),
  .init(
    "corrupt-gzip", "A compressed file decompresses to what its check sum says.",
    "Copy or download it again; 'gzip -t' tests a file."),
  .init(
    "corrupt-zstd", "A file whose name ends in .zst is compressed with zstd, and complete.",
    "Copy or download it again; 'zstd -t' tests a file."),
  .init(
    "damaged-image", "An image is whole, and keeps the rules of PNG or JPEG.",
    "Copy or download it again, or take it out; a half is not taken for an image."),
  .init(
    "damaged-lock", "A lock is what training writes beside a model file, and nobody edits it.",
    "Take it from git again, or remove it and train to make it anew."),
  .init("empty-file", "A file has something in it.", "Write the file anew, or name another."),
  .init(
    "file-not-found", "The file that a source names exists; paths are relative to the model file.",
    "Check the path from the folder of the model file.",
    "source: flowers.csv", "source: ../datasets/flowers.csv"),
  .init(
    "image-too-large", "An image has at most 268,435,456 pixels.",
    "Make it smaller, or take it out."),
  .init(
    "malformed-file", "A file of arrays or records keeps the rules of its format.",
    "Copy or download it again, or write it anew; the message says which rule it breaks."),
  .init(
    "mixed-values",
    "All values of a column are of one kind: numbers, words, or arrays of one shape.",
    "Mend those that differ; a missing value is null."),
  .init(
    "more-problems", "A table has more problems of one kind than are shown.",
    "Mend those shown; the rest often goes away with them."),
  .init(
    "no-storage", "Data beyond data.memory is kept on the disk while it is trained on.",
    "Make room, name another folder with NNC_CACHE, or let the data take more memory.",
    "data: {source: large.csv, memory: 100 MB}", "data: {source: large.csv, memory: 8 GB}"),
  .init("not-a-file", "A source names a file, not a folder.", "Name a file in it."),
  .init(
    "not-cached", "Prepared samples are kept where the data section says cache: true.",
    "Make room, or name another folder with NNC_CACHE; training goes on without."),
  .init(
    "not-gzip", "A file whose name ends in .gz is compressed with gzip.",
    "Compress it with gzip, or take .gz from its name."),
  .init(
    "not-utf8", "A table is encoded in UTF-8.",
    "Save it as UTF-8; 'iconv -f LATIN1 -t UTF-8' converts a file in Latin-1."),
  .init(
    "row-too-long", "A row of a table is shorter than 4 GiB.",
    "A quote that is never closed makes one row of many; close it."),
  .init(
    "tensor-type", "A parameter begins as a tensor of real numbers, such as F32.",
    "Name another tensor of the file."),
  .init(
    "text-after-quote", "A cell that begins with a quote ends with one.",
    "A quote inside a quoted cell is written twice: \"a \"\"b\"\" c\"."),
  .init(
    "truncated-gzip", "A compressed file is complete.",
    "Copy or download it again; 'gzip -t' tests a file."),
  .init(
    "uneven-columns", "The files or arrays that columns are read from have the same rows.",
    "Name those that belong together.",
    "source: {idx: {columns: {pixels: train-images.idx, label: test-labels.idx}}}",
    "source: {idx: {columns: {pixels: train-images.idx, label: train-labels.idx}}}"),
  .init("uneven-row", "Every row has as many cells as the header.", "Mend the row."),
  .init(
    "unknown-extension", "The end of a path tells what kind of source it is.",
    "Name the kind: csv: {path: …}.",
    "source: flowers.txt", "source: {csv: flowers.txt}"),
  .init(
    "unknown-tensor", "A tensor that a parameter begins as is in its file.",
    "Write one of its names; nnc inspect lists those of a checkpoint.",
    "weight_init: {from_file: {file: stem.safetensors, tensor: stem.wieght}}",
    "weight_init: {from_file: {file: stem.safetensors, tensor: stem.weight}}"),
  .init(
    "unreadable-file", "The system lets the file be read.",
    "Check the path, which is relative to where nnc is started, and its permissions."),
  .init(
    "unsupported-image", "An image is a PNG or a JPEG, grey or of red, green and blue.",
    "Convert it, as 'convert picture.webp picture.png' does."),
  .init(
    "unsupported-values", "Columns are made of numbers, words, and arrays of numbers of one shape.",
    "Write the file anew with such values; the message says what it holds instead."),
  .init(
    "wrong-delimiter", "The cells of a table stand between the delimiter of its source.",
    "Say which one it is.",
    "source: flowers.csv", "source: {csv: {path: flowers.csv, delimiter: \";\"}}"),
]
