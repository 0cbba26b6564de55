/// Findings of the data section beside the rows it names.
let dataCodes: [FindingCode] = [
  .init(
    "bad-date", "A column of dates has dates of the calendar, written as its format says.",
    "Mend the cell, or say how dates are written: %Y, %m, %d, %H, %M and %S stand for their digits.",
    "day: {type: date}", "day: {type: date, format: '%d.%m.%Y'}"),
  .init(
    "bad-number", "A column of numbers has nothing but numbers, with a point for decimals.",
    "Mend the cell; digits are not grouped, and 3,2 is written 3.2."),
  .init(
    "bad-token", "A cell of tokens is whole numbers from 0, each below the vocabulary.",
    "Mend the cell; of words say type: text.",
    "ids: {type: tokens, length: 8, vocabulary: 16}",
    "ids: {type: tokens, length: 8, vocabulary: 32}"),
  .init(
    "binary-values", "A binary column has two values in the training rows.",
    "Say type: category for more, or mend the odd cells.",
    "species: {type: binary}", "species: {type: category}"),
  .init(
    "class-not-in-training", "A class of the other parts is in the training rows too.",
    "Stratify the split by the column, take another seed, or collect more rows.",
    "split: {train: 0.8, test: 0.2}", "split: {train: 0.8, test: 0.2, stratify: species}"),
  .init(
    "duplicate-class", "A class is listed once.", "Remove one.",
    "species: {classes: [a, b, a]}", "species: {classes: [a, b]}"),
  .init(
    "duplicate-column", "An input or target names a column once.", "Remove one.",
    "size: {columns: [length, length]}", "size: {columns: [length, width]}"),
  .init(
    "duplicate-column-name", "The columns of a table have different names.",
    "Rename one in the first line, or say header: false if that line is data.",
    "source: flowers.csv", "source: {csv: {path: flowers.csv, header: false}}"),
  .init(
    "duplicate-name", "Inputs and targets have different names, because layers refer to them.",
    "Rename one."),
  .init(
    "empty-column-name", "Every column has a name.",
    "Name it in the first line, or say header: false if that line is data."),
  .init(
    "empty-split", "A part of the data that has a share has a row.",
    "Make its share larger, or leave it out.",
    "split: {train: 0.99, validation: 0.01}", "split: {train: 0.8, validation: 0.2}"),
  .init(
    "field-not-for-type",
    "Some fields are for some types of columns: classes for categories, "
      + "scale for numbers.", "Say the type that is meant, or leave the field out.",
    "size: {columns: [length, width], classes: [a, b]}", "size: {columns: [length, width]}"),
  .init(
    "image-sizes", "The images of an input are of one size once everything is done to them.",
    "Say which size.",
    "photo: {column: image, type: image}", "photo: {column: image, transforms: [{resize: 64}]}"),
  .init(
    "image-target", "Images are inputs; what is predicted are numbers and classes.",
    "Take the type out: images of one size are numbers too.",
    "again: {column: image, type: image}", "again: {column: image}"),
  .init(
    "missing-column", "Every file of the data has the columns that the model file names.",
    "Add the column to the file, or name one that it has."),
  .init(
    "missing-value", "Every cell of a column that is used has a value.",
    "Fill it in, or say what to do with missing:.",
    "size: {columns: [length]}", "size: {columns: [length], missing: mean}"),
  .init(
    "negative-weight", "The weight that a row's loss is multiplied by is not below zero.",
    "Mend the cell; a row that should not count has the weight 0."),
  .init(
    "no-images", "An input of the type image is made of a column of images.",
    "Take them from image_folder, image_list, or arrays of [height, width] or more channels.",
    "source: photos.csv", "source: {image_list: photos.csv}"),
  .init(
    "no-logarithm", "The logarithm of log1p is of numbers above -1.",
    "Mend the cell, or take log1p out; scale: power bends numbers of any sign.",
    "price: {log1p: true}", "price: {scale: power}"),
  .init(
    "no-rows", "There is at least one row.",
    "Fill some cells in with missing: mean, median or a constant, instead of dropping rows."),
  .init(
    "no-values", "A column that a mean is taken of has a value in the training rows.",
    "Take the column out, or say missing: {constant: …}."),
  .init(
    "no-windows",
    "Some series has as many rows that follow each other as a window and its horizon.",
    "Take a smaller length or horizon, or fill in what is missing.",
    "windows: {length: 500, horizon: 12}", "windows: {length: 52, horizon: 12}"),
  .init(
    "number-overflow", "A number fits into a 32-bit float, also when it is scaled.",
    "Mend the cell, or scale the column by a factor."),
  .init(
    "one-column", "A category or a binary is made of one column.",
    "Declare one input for each column.",
    "kinds: {columns: [a, b], type: category}", "a: {type: category}\nb: {type: category}"),
  .init(
    "repeated-time", "A series has one row at a time, so that its rows have an order.",
    "Say which column tells several series apart, or take one of the rows out.",
    "windows: {length: 24, time: hour}", "windows: {length: 24, time: hour, series: station}"),
  .init(
    "short-series", "A series gives windows if it is as long as a window and its horizon.",
    "Take a smaller length or horizon, or leave short series out of the table.",
    "windows: {length: 500, series: station}", "windows: {length: 24, series: station}"),
  .init(
    "split-sum", "The shares of a split add up to 1.", "Change one of them.",
    "split: {train: 0.8, validation: 0.1, test: 0.2}",
    "split: {train: 0.7, validation: 0.1, test: 0.2}"),
  .init(
    "stratify-values", "Rows are held in proportion by a column of few values, such as classes.",
    "Stratify by another column, or not at all.",
    "split: {train: 0.8, stratify: length}", "split: {train: 0.8, stratify: species}"),
  .init(
    "target-in-inputs", "What is to be predicted is not among what the network sees.",
    "Take the column out of the inputs; an autoencoder's target repeats all columns of an input.",
    "size: {columns: [length, price]}", "size: {columns: [length]}"),
  .init(
    "text-length",
    "A text or tokens fit into the length of their input, and nothing is cut that the file does not say.",
    "Say a greater length, cut: end or cut: start; of tokens that are too few, a padding.",
    "review: {type: text, length: 64}", "review: {type: text, length: 64, cut: end}"),
  .init(
    "too-few-classes", "A category has at least two classes.",
    "List them all, or collect more rows.",
    "species: {classes: [a]}", "species: {classes: [a, b]}"),
  .init(
    "too-many-classes", "One float for each class in every row must fit into memory.",
    "Say encode: index and look the classes up with an embedding.",
    "word: {type: category, encode: one_hot}", "word: {type: category, encode: index}"),
  .init(
    "transform-order", "What changes the size of images comes before what draws random numbers.",
    "Put what is done to every image first.",
    "transforms: [flip, {resize: 64}]", "transforms: [{resize: 64}, flip]"),
  .init(
    "transform-size", "A transform fits the images that it is done to.",
    "Say resize: before it, or take a smaller size.",
    "transforms: [{crop: 64}]", "transforms: [{resize: 64}]"),
  .init(
    "unknown-category", "Every cell of a category is one of its classes.",
    "Mend the cell, or list the class under classes."),
  .init(
    "unknown-column", "The data has the columns that inputs and targets name.",
    "Write one of the columns that the message lists.",
    "size: {columns: [lenght]}", "size: {columns: [length]}"),
  .init(
    "unknown-part", "The column that a split goes by says train, validation or test in every row.",
    "Mend the cell.", "split: {train: 0.8, test: 0.2, by: part}", "split: {by: part}"),
  .init(
    "unknown-positive", "The word that counts as one is among the values of the column.",
    "Write one of its two values.",
    "big: {type: binary, positive: ja}", "big: {type: binary, positive: 'yes'}"),
  .init(
    "unmatched-pattern",
    "A pattern such as pixel_* matches at least one column, one of a parameter group a parameter.",
    "Write a pattern that does.", "pixels: pixl_*", "pixels: pixel_*"),
  .init(
    "words-as-numbers", "A column of words is no column of numbers.",
    "Say type: category, or type: binary for two words.",
    "species: {column: species}", "species: {column: species, type: category}"),
]
